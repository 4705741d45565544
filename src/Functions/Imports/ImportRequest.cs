using System.Globalization;
using Chard.Domain.Json;
using Chard.Functions.Imports.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Chard.Functions.Imports;

/// <summary>Reads the query and the headers of an upload.</summary>
internal static class ImportRequest
{
    private static readonly string[] Parameters = ["table", "columns", "header", "delimiter", "encoding", "maxErrors", "owner", "id"];
    private const string HostKey = "code";
    private static readonly string[] OtherTypes =
        ["application/json", "application/xml", "application/zip", "application/gzip", "application/pdf", "text/html", "text/xml"];
    private static readonly string[] OtherKinds = ["multipart", "image", "audio", "video", "font"];

    /// <summary>The arguments in the query, and every fault of it and of the encoding that the Content-Type names.</summary>
    public static (ImportCsvArgs Args, IReadOnlyList<JsonFault> Faults) Read(HttpRequest request)
    {
        IQueryCollection query = request.Query;
        var faults = new List<JsonFault>();
        foreach (var name in query.Keys.Where(k => k != HostKey && !Parameters.Contains(k, StringComparer.Ordinal)))
        {
            faults.Add(new JsonFault("?" + name, $"There is no parameter '{name}'; there are {string.Join(", ", Parameters)}."));
        }

        foreach (var name in query.Where(q => q.Value.Count > 1).Select(q => q.Key))
        {
            faults.Add(new JsonFault("?" + name, $"The parameter '{name}' is given more than once."));
        }

        var maxErrors = Value("maxErrors");
        var number = 0;
        if (maxErrors is not null && !int.TryParse(maxErrors, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            faults.Add(new JsonFault("?maxErrors", $"maxErrors must be a number from 0 to {ImportLimits.HighestMaxErrors}."));
        }

        var header = Value("header");
        if (header is not (null or "true" or "false"))
        {
            faults.Add(new JsonFault("?header", "header must be true or false."));
        }

        var declared = HeaderDeclared(request);
        if (declared is not null && !IsDeclared(declared, "present") && !IsDeclared(declared, "absent"))
        {
            faults.Add(new JsonFault(
                "Content-Type", $"The parameter header of Content-Type is '{declared}', which is neither present nor absent."));
        }

        var args = new ImportCsvArgs
        {
            Table = Value("table"),
            Columns = Value("columns"),
            Header = header is not null ? header == "true" : declared is not null ? IsDeclared(declared, "present") : null,
            Delimiter = Value("delimiter"),
            Encoding = Value("encoding"),
            MaxErrors = maxErrors is null ? null : number,
        };
        faults.AddRange(ImportCsvArgsValidator.ValidateSettings(args).Select(f => f with { Pointer = "?" + f.Pointer[1..] }));
        if (Charset(request) is { } charset && SourceEncodings.Canonical(charset) is null)
        {
            faults.Add(new JsonFault(
                "Content-Type", $"The charset '{charset}' of Content-Type is none of {string.Join(", ", SourceEncodings.Names)}."));
        }

        return (args, faults);

        string? Value(string name) => query.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    /// <summary>
    /// Why a body of this type and coding is not looked at, or null. A type that says nothing, such as
    /// that of a form or of octets, is.
    /// </summary>
    public static string? TypeFault(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0
            && !request.Headers.ContentEncoding.All(c => string.Equals(c, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            return $"The body is encoded as {request.Headers.ContentEncoding}: send it uncompressed.";
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return null;
        }

        var name = type.MediaType.Value ?? "";
        return OtherTypes.Contains(name, StringComparer.OrdinalIgnoreCase)
            || OtherKinds.Contains(type.Type.Value, StringComparer.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("xml", StringComparison.OrdinalIgnoreCase)
            ? $"The body is {name}: send the CSV file itself as the body, with Content-Type: text/csv."
            : null;
    }

    /// <summary>The encoding that the Content-Type names, or null.</summary>
    public static string? Charset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue
            ? HeaderUtilities.RemoveQuotes(type.Charset).Value
            : null;

    // RFC 4180: Content-Type: text/csv; header=absent.
    private static string? HeaderDeclared(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.Parameters.FirstOrDefault(p => p.Name.Equals("header", StringComparison.OrdinalIgnoreCase)) is { } header
            ? HeaderUtilities.RemoveQuotes(header.Value).Value
            : null;

    private static bool IsDeclared(string declared, string value) => declared.Equals(value, StringComparison.OrdinalIgnoreCase);
}
