using System.Text.Json;

namespace Chard.LocalHost.Options;

/// <summary>What is wrong with a file that is no JSON, as one sentence.</summary>
internal static class JsonFault
{
    public static string Describe(string path, Exception error)
    {
        var json = error;
        while (json is not JsonException && json.InnerException is not null)
        {
            json = json.InnerException;
        }

        var message = json.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
        var place = json is JsonException { LineNumber: { } line } ? $", line {line + 1}" : string.Empty;
        return $"{path}{place}: {message}.";
    }
}
