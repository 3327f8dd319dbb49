namespace Portal.Server.History;

/// <summary>The section <c>Retention</c> of appsettings.json: how long what grows is kept.</summary>
internal sealed record RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Figures in steps of 5 s, 15 minutes or more. Default one day.</summary>
    public TimeSpan FiveSeconds { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Figures in steps of one minute, an hour or more. Default one week.</summary>
    public TimeSpan OneMinute { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Figures in steps of ten minutes, a day or more. Default 90 days.</summary>
    public TimeSpan TenMinutes { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Events of tasks. Default 90 days.</summary>
    public TimeSpan Events { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many events of one task, the newest, 100 or more. Default 1 000.</summary>
    public int EventsPerTask { get; init; } = 1_000;

    /// <summary>How many ended runs of one task stay apart, the newest; older ones are added up into one, so that the books stay right. Default 100.</summary>
    public int RunsPerTask { get; init; } = 100;

    /// <summary>How many revisions of the settings of one task or connection, the newest. Default 100.</summary>
    public int RevisionsPerObject { get; init; } = 100;

    /// <summary>How many checks of one connection, with their reports, the newest. Default 100.</summary>
    public int ChecksPerConnection { get; init; } = 100;

    /// <summary>Operations that have ended. Default 90 days.</summary>
    public TimeSpan Operations { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The audit. Default one year.</summary>
    public TimeSpan Audit { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long figures of a step are kept.</summary>
    public TimeSpan Of(FigureStep step) => step switch
    {
        FigureStep.FiveSeconds => FiveSeconds,
        FigureStep.OneMinute => OneMinute,
        _ => TenMinutes,
    };

    /// <summary>All that is wrong with the settings, each with its name.</summary>
    public IEnumerable<string> Errors()
    {
        (string Name, TimeSpan Value, TimeSpan Least)[] times =
        [
            // A coarser step is made of the finer one: that must not go before it was added up.
            (nameof(FiveSeconds), FiveSeconds, TimeSpan.FromMinutes(15)),
            (nameof(OneMinute), OneMinute, TimeSpan.FromHours(1)),
            (nameof(TenMinutes), TenMinutes, TimeSpan.FromDays(1)),
            (nameof(Events), Events, TimeSpan.FromDays(1)),
            (nameof(Operations), Operations, TimeSpan.FromDays(1)),
            (nameof(Audit), Audit, TimeSpan.FromDays(1)),
        ];
        foreach (var (name, value, least) in times.Where(time => time.Value < time.Least))
        {
            yield return $"{Section}:{name} is {value}; it must be {least} or more, written as days.hours:minutes:seconds.";
        }

        (string Name, int Value, int Least)[] counts =
        [
            (nameof(EventsPerTask), EventsPerTask, 100), (nameof(RunsPerTask), RunsPerTask, 1), (nameof(RevisionsPerObject), RevisionsPerObject, 1),
            (nameof(ChecksPerConnection), ChecksPerConnection, 1),
        ];
        foreach (var (name, value, least) in counts.Where(count => count.Value < count.Least))
        {
            yield return $"{Section}:{name} is {value}; it must be {least} or more.";
        }
    }
}
