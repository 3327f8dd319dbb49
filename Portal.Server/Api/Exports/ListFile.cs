using System.Text;
using System.Text.Json;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Exports;

/// <summary>A list as a file to keep: CSV, or JSON as the REST interface has it. Written line by line, however long.</summary>
internal sealed class ListFile<T>(
    string name, string format, IReadOnlyList<T> rows, IReadOnlyList<string> heading, Func<T, IEnumerable<object?>> cells, DateTimeOffset at) : IResult
{
    public const string Csv = "csv";
    public const string Json = "json";

    // Spreadsheets take a file without it for one in their own code page.
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{at.UtcDateTime:yyyyMMdd-HHmmss}.{format}\"";
        if (format == Json)
        {
            response.ContentType = "application/json; charset=utf-8";
            await JsonSerializer.SerializeAsync(response.Body, rows, ApiJson.Options, httpContext.RequestAborted);
            return;
        }

        response.ContentType = "text/csv; charset=utf-8";
        await response.Body.WriteAsync(Utf8Mark, httpContext.RequestAborted);
        await using var writer = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);
        await writer.WriteAsync(CsvText.Line(heading));
        foreach (var row in rows)
        {
            await writer.WriteAsync(CsvText.Line(cells(row)));
        }
    }
}
