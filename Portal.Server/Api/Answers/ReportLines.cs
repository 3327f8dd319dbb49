using Portal.Client.Contracts;

namespace Portal.Server.Api.Answers;

/// <summary>A validation as <see cref="JsonLines{T}"/>.</summary>
internal sealed class ReportLines(IAsyncEnumerable<ValidationReport> reports) : JsonLines<ValidationReport>(reports);
