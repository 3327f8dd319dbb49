using System.Diagnostics;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Logging;
using Portal.Client.Components.Feedback;
using Portal.Client.Contracts;

namespace Portal.Client.Layout;

/// <summary>
/// Keeps the frame when a page throws: says so, with a reference that stands in the log too, and tries the page again on request.
/// </summary>
public sealed partial class PortalErrorBoundary : ErrorBoundaryBase
{
    private string _reference = "";

    [Inject]
    private ILogger<PortalErrorBoundary> Logger { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        // The server has told it already, once for all who meet it.
        if (exception is StorageException)
        {
            return Task.CompletedTask;
        }

        _reference = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
        Log.PageFailed(Logger, _reference, exception);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenComponent<ErrorPanel>(1);
        builder.AddComponentParameter(2, nameof(ErrorPanel.Title), CurrentException is StorageException ? "Nothing was stored" : "This page failed");
        builder.AddComponentParameter(3, nameof(ErrorPanel.Text), CurrentException is StorageException storage
            ? storage.Message
            : "An error of the portal, not of yours; tasks go on as they were. "
            + $"Try again; if it fails again, tell whoever runs this portal the reference {_reference}.");
        builder.AddComponentParameter(4, nameof(ErrorPanel.Retry), EventCallback.Factory.Create(this, Recover));
        builder.CloseComponent();
    }

    private static partial class Log
    {
        [LoggerMessage(ClientEvents.PageFailed, LogLevel.Error, "A page failed, reference {Reference}")]
        public static partial void PageFailed(ILogger logger, string reference, Exception exception);
    }
}
