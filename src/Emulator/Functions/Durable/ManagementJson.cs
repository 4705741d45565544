using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The JSON of the management API: camelCase, values as JSON where they are JSON.</summary>
internal static class ManagementJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static async Task<string> ReadAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        return await reader.ReadToEndAsync(http.RequestAborted);
    }

    /// <summary>An empty text is no value; false for what is not JSON.</summary>
    public static bool TryParse(string text, out object? value)
    {
        value = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        try
        {
            value = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes text that is JSON already; nothing for none.</summary>
    public static Task WriteAsync(HttpContext http, int status, string? json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json ?? "null", http.RequestAborted);
    }

    /// <summary>The status body of an instance.</summary>
    public static object Status(OrchestrationMetadata status, bool showInput) => new
    {
        name = status.Name,
        instanceId = status.InstanceId,
        runtimeStatus = status.RuntimeStatus,
        input = showInput ? Value(status.SerializedInput) : null,
        customStatus = Value(status.SerializedCustomStatus),
        output = Value(status.SerializedOutput),
        createdTime = Seconds(status.CreatedAt),
        lastUpdatedTime = Seconds(status.LastUpdatedAt),
    };

    public static string Seconds(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>JSON as it is; what is not, such as the message of a failure, as text.</summary>
    public static object? Value(string? text) => text is null ? null : TryParse(text, out var value) ? value : text;
}
