using Portal.Client.Contracts;

namespace Portal.Client.Wizards.Connections;

/// <summary>
/// The way to a new connection: type, configure, validate, created. Knows where the person may go and whether the connection may be
/// created;
/// knows nothing of pages. A connection is created only after a validation of exactly these settings has passed.
/// </summary>
public sealed class ConnectionWizard(IConnectionService connections)
{
    private ConnectionDraft? _checked;
    private ConnectionDraft? _validated;

    /// <summary>What was filled in so far.</summary>
    public ConnectionDraft Draft { get; private set; } = new();

    /// <summary>Where the person is.</summary>
    public ConnectionStep Step { get; private set; }

    /// <summary>Whether the type was chosen.</summary>
    public bool HasType { get; private set; }

    /// <summary>All that is wrong with the draft, as far as it was asked.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The validation of the present draft, or null.</summary>
    public ValidationReport? Report { get; private set; }

    /// <summary>Whether something was typed that would be lost.</summary>
    public bool IsDirty => CreatedId is null && Draft != new ConnectionDraft();

    /// <summary>Whether the connection may be created: this draft, and no other, has passed.</summary>
    public bool MayCreate => CreatedId is null && Report is { Finished: true, Passed: true } && _validated == Draft;

    /// <summary>The id of the connection once it is created.</summary>
    public string? CreatedId { get; private set; }

    /// <summary>The furthest step that may be opened now.</summary>
    public ConnectionStep Furthest =>
        !HasType ? ConnectionStep.Type
        : _checked == Draft && Errors.Count == 0 ? ConnectionStep.Validate
        : ConnectionStep.Configure;

    /// <summary>Takes the type; there is one so far, and it never changes later.</summary>
    public void ChooseType() => HasType = true;

    /// <summary>Begins with the settings of another connection. Its password stays where it is: it has to be typed again.</summary>
    public void StartFrom(ConnectionView other)
    {
        HasType = true;
        Draft = new ConnectionDraft
        {
            Name = $"{other.Name}-copy"[..Math.Min(128, other.Name.Length + 5)],
            Description = other.Description,
            MqttClusterId = other.MqttClusterId,
            UserName = other.UserName,
        };
    }

    /// <summary>Takes what was typed. The errors of a field go when it changes; what was validated before counts no more.</summary>
    public void Edit(ConnectionDraft draft)
    {
        var changed = Changed(Draft, draft);
        Draft = draft;
        Errors = [.. Errors.Where(error => !changed.Contains(error.Field))];
        if (_validated != Draft)
        {
            Report = null;
        }
    }

    /// <summary>Opens a step, or the furthest that may be opened; an address may ask for more than is possible.</summary>
    public ConnectionStep GoTo(ConnectionStep step) => Step = step <= Furthest ? step : Furthest;

    /// <summary>Asks for all that is wrong; true when nothing is and the validation may begin.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        var draft = Draft;
        var errors = await connections.CheckAsync(null, draft, cancellationToken);
        if (draft == Draft)
        {
            (Errors, _checked) = (errors, draft);
        }

        return Furthest == ConnectionStep.Validate;
    }

    /// <summary>Asks whether one field is right, as soon as it is left: a name that is taken should not wait for the last step.</summary>
    public async Task CheckFieldAsync(string field, CancellationToken cancellationToken)
    {
        var draft = Draft;
        var errors = await connections.CheckAsync(null, draft, cancellationToken);
        if (draft == Draft)
        {
            Errors = [.. Errors.Where(error => error.Field != field), .. errors.Where(error => error.Field == field)];
        }
    }

    /// <summary>The live validation of the present draft.</summary>
    public IAsyncEnumerable<ValidationReport> ValidateAsync(CancellationToken cancellationToken)
    {
        Report = null;
        _validated = Draft;
        return connections.ValidateAsync(null, Draft, cancellationToken);
    }

    /// <summary>Takes a report of the validation.</summary>
    public void Take(ValidationReport report)
    {
        if (_validated == Draft)
        {
            Report = report;
        }
    }

    /// <summary>Creates the connection. A refusal leads back to where it can be mended.</summary>
    public async Task<CommandResult> CreateAsync(CancellationToken cancellationToken)
    {
        if (!MayCreate)
        {
            return CommandResult.Not(CommandOutcome.Refused, "The settings have not passed the validation. Validate them first.");
        }

        var result = await connections.CreateAsync(Draft, cancellationToken);
        if (result.IsAccepted)
        {
            CreatedId = result.Id;
        }
        else if (result.Outcome == CommandOutcome.Invalid)
        {
            // Somebody took the name, or removed the cluster, while the validation ran.
            Errors = result.Errors;
            Step = ConnectionStep.Configure;
        }

        return result;
    }

    private static List<string> Changed(ConnectionDraft before, ConnectionDraft after)
    {
        var changed = new List<string>();
        Add(nameof(ConnectionDraft.Name), before.Name != after.Name);
        Add(nameof(ConnectionDraft.Description), before.Description != after.Description);
        Add(nameof(ConnectionDraft.MqttClusterId), before.MqttClusterId != after.MqttClusterId);
        Add(nameof(ConnectionDraft.UserName), before.UserName != after.UserName);
        Add(nameof(ConnectionDraft.Password), before.Password != after.Password);
        return changed;

        void Add(string field, bool differs)
        {
            if (differs)
            {
                changed.Add(field);
            }
        }
    }
}
