using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace Chard.Emulator.Testing;

/// <summary>An error as the storage services word it: XML from blobs and queues, JSON from tables.</summary>
internal sealed class FaultResponse : Response
{
    private readonly Dictionary<string, string> headers;

    private FaultResponse(int status, string code, string clientRequestId, string contentType, byte[] body)
    {
        Status = status;
        ReasonPhrase = code;
        ClientRequestId = clientRequestId;
        ContentStream = new MemoryStream(body, writable: false);
        headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["x-ms-error-code"] = code,
            ["x-ms-request-id"] = "test-fault",
            ["Content-Type"] = contentType,
            ["Content-Length"] = body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; }

    public static FaultResponse Create(Request request, StorageService service, int status, string code)
    {
        const string Text = "The test made this call fail.";
        return service == StorageService.Table
            ? new FaultResponse(
                status,
                code,
                request.ClientRequestId,
                "application/json",
                JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
                {
                    ["odata.error"] = new { code, message = new { lang = "en-US", value = Text } },
                }))
            : new FaultResponse(
                status,
                code,
                request.ClientRequestId,
                "application/xml",
                Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{Text}</Message></Error>"));
    }

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
