using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Azure;
using Azure.Core;

namespace Chard.Emulator.Tables.Wire;

/// <summary>
/// Finds the service's code and message in a failed response: <c>{"odata.error":{"code","message":{"value"}}}</c>,
/// the same as XML from the parts of the service that come before it knows the format asked for, or the header <c>x-ms-error-code</c>.
/// </summary>
internal sealed class TableErrors : RequestFailedDetailsParser
{
    /// <summary>Where the index of the action that failed is kept in the data of the exception of a transaction.</summary>
    public const string FailedActionIndex = "FailedEntity";

    public static readonly TableErrors Parser = new();

    public override bool TryParse(Response response, out ResponseError error, out IDictionary<string, string> data)
    {
        data = null;
        error = Read(response);
        if (error is null && response.Headers.TryGetValue("x-ms-error-code", out var code))
        {
            error = new ResponseError(code, response.ReasonPhrase);
        }

        // In the answer to a transaction the message starts with the failed action's index and a colon.
        if (error?.Message is { } message && message.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && int.TryParse(message.AsSpan(0, colon), out _))
        {
            data = new Dictionary<string, string> { [FailedActionIndex] = message[..colon] };
        }

        return error is not null;
    }

    private static ResponseError Read(Response response)
    {
        if (response.ContentStream is not { CanSeek: true } content || content.Length == 0)
        {
            return null;
        }

        var body = response.Content.ToMemory();
        try
        {
            return body.Span.TrimStart(" \r\n\t\uFEFF"u8).StartsWith("<"u8) ? ReadXml(response) : ReadJson(body);
        }
        catch (Exception exception) when (exception is JsonException or XmlException)
        {
            // Something between us and the service answered, a proxy perhaps: status and text still go into the exception.
            return null;
        }
    }

    private static ResponseError ReadJson(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("odata.error", out var error)
            || error.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var code = error.TryGetProperty("code", out var value) ? value.GetString() : null;
        var message = error.TryGetProperty("message", out value) && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("value", out value) ? value.GetString() : null;
        return new ResponseError(code, message);
    }

    private static ResponseError ReadXml(Response response)
    {
        var root = XDocument.Parse(response.Content.ToString().TrimStart('\uFEFF')).Root;
        return new ResponseError(Value("code"), Value("message"));

        string Value(string name) => root.Elements().FirstOrDefault(element => element.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
    }
}
