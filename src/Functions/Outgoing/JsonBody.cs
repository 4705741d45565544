using System.Net.Http.Headers;
using System.Text.Json;

namespace Chard.Functions.Outgoing;

/// <summary>
/// JSON to send. Its length is known, so it goes with a Content-Length: simple receivers read a chunked body as an empty one.
/// </summary>
public static class JsonBody
{
    /// <summary>The JSON of <paramref name="value"/>, in camelCase.</summary>
    public static HttpContent Of<T>(T value) => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
    };
}
