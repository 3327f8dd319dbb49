namespace Portal.Engine.Specs.Validation;

/// <summary>Collects errors; a part of a spec writes into the same list under its own name.</summary>
internal sealed class SpecErrors
{
    private readonly List<SpecError> _errors;
    private readonly string _prefix;

    public SpecErrors()
        : this([], "")
    {
    }

    private SpecErrors(List<SpecError> errors, string prefix)
    {
        _errors = errors;
        _prefix = prefix;
    }

    public IReadOnlyList<SpecError> All => _errors;

    public SpecErrors Under(string part) => new(_errors, $"{_prefix}{part}.");

    public void Add(string field, string text) => _errors.Add(new SpecError(_prefix + field, text));

    /// <summary>Adds an error unless something is so.</summary>
    public void Need(bool isSo, string field, string otherwise)
    {
        if (!isSo)
        {
            Add(field, otherwise);
        }
    }

    /// <summary>Adds what a check found; null for nothing.</summary>
    public void Take(string field, string? found)
    {
        if (found is not null)
        {
            Add(field, found);
        }
    }

    /// <summary>Adds what the reader of a text found; null for nothing.</summary>
    public void Take(string field, SyntaxError? found)
    {
        if (found is not null)
        {
            _errors.Add(new SpecError(_prefix + field, found.ToString(), found));
        }
    }

    public void Between(string field, long value, long least, long most, string what) =>
        Need(value >= least && value <= most, field, $"{what} is a number from {least} to {most}; this is {value}.");

    public void Between(string field, TimeSpan value, TimeSpan least, TimeSpan most, string what) =>
        Need(value >= least && value <= most, field, $"{what} is a time from {Words(least)} to {Words(most)}; this is {Words(value)}.");

    private static string Words(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{time.TotalHours:0.##} h",
        { TotalSeconds: >= 1 } => $"{time.TotalSeconds:0.##} s",
        _ => $"{time.TotalMilliseconds:0.##} ms",
    };
}
