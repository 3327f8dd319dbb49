namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>How a step stands in the header of the wizard.</summary>
/// <param name="Step">Which.</param>
/// <param name="IsCurrent">Whether the person is there.</param>
/// <param name="IsDone">Whether it was left without an error.</param>
/// <param name="Errors">How many errors it has; 0 before it was left for the first time.</param>
public sealed record WizardStepView(ConnectorTaskStep Step, bool IsCurrent, bool IsDone, int Errors);

/// <summary>
/// The way through the steps of a new task. Any step can be gone to at any time; only creating asks for a draft without errors.
/// </summary>
/// <param name="form">What is filled in.</param>
public sealed class ConnectorTaskWizard(ConnectorTaskForm form)
{
    private readonly HashSet<ConnectorTaskStep> _left = [];

    /// <summary>What is filled in.</summary>
    public ConnectorTaskForm Form => form;

    /// <summary>Where the person is.</summary>
    public ConnectorTaskStep Step { get; private set; }

    /// <summary>All steps, for the header.</summary>
    public IReadOnlyList<WizardStepView> Steps => [.. ConnectorTaskSteps.All.Select(View)];

    /// <summary>The step before, or null.</summary>
    public ConnectorTaskStep? Previous => Step == ConnectorTaskStep.Basics ? null : Step - 1;

    /// <summary>The step after, or null.</summary>
    public ConnectorTaskStep? Next => Step == ConnectorTaskStep.Review ? null : Step + 1;

    /// <summary>Whether the draft can be created.</summary>
    public bool IsComplete => form.Errors.Count == 0;

    /// <summary>Goes to a step. Whoever comes to the review has left all that lies before it, also when the address was typed.</summary>
    public void GoTo(ConnectorTaskStep step)
    {
        if (step != Step)
        {
            Leave(Step);
        }

        Step = step;
        if (step == ConnectorTaskStep.Review)
        {
            foreach (var section in ConnectorTaskSteps.Sections)
            {
                Leave(section);
            }
        }
    }

    /// <summary>
    /// Whether the step is free of errors, so that a person who asks for the next one may go; otherwise all its errors are shown.
    /// </summary>
    public bool MayGoOn()
    {
        Leave(Step);
        return !form.ErrorsIn(Step).Any();
    }

    /// <summary>Shows the errors of the steps that were left, after a check that may have found new ones.</summary>
    public void RevealLeft()
    {
        foreach (var step in _left)
        {
            form.Reveal(step);
        }
    }

    private void Leave(ConnectorTaskStep step)
    {
        _left.Add(step);
        form.Reveal(step);
    }

    private WizardStepView View(ConnectorTaskStep step)
    {
        var errors = _left.Contains(step) ? form.ErrorsIn(step).Count() : 0;
        return new(step, step == Step, _left.Contains(step) && step != Step && errors == 0, errors);
    }
}
