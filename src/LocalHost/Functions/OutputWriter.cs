using System.Text.Json;
using Chard.LocalHost.Worker.Protocol;
using Microsoft.Azure.WebJobs;

namespace Chard.LocalHost.Functions;

/// <summary>Sends what a function returned to the queues that it names.</summary>
internal static class OutputWriter
{
    public static async Task WriteAsync(
        FunctionDefinition function, InvocationResponse response, Binder binder, CancellationToken cancellation)
    {
        foreach (var binding in function.Outputs)
        {
            var value = binding.Name == "$return"
                ? response.ReturnValue
                : response.OutputData.FirstOrDefault(output => output.Name == binding.Name)?.Data;
            var attribute = new QueueAttribute(binding.Text("queueName")) { Connection = binding.Text("connection") };
            var messages = await binder.BindAsync<IAsyncCollector<BinaryData>>(attribute, cancellation);
            foreach (var message in Messages(value))
            {
                await messages.AddAsync(message, cancellation);
            }

            await messages.FlushAsync(cancellation);
        }
    }

    /// <summary>An array is a message an item.</summary>
    private static IEnumerable<BinaryData> Messages(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => FromJson(value.String) ?? [BinaryData.FromString(value.String)],
        TypedData.DataOneofCase.Json => FromJson(value.Json) ?? [BinaryData.FromString(value.Json)],
        TypedData.DataOneofCase.Bytes => [BinaryData.FromBytes(value.Bytes.Memory)],
        TypedData.DataOneofCase.CollectionString => value.CollectionString.String.Select(BinaryData.FromString),
        TypedData.DataOneofCase.CollectionBytes => value.CollectionBytes.Bytes.Select(bytes => BinaryData.FromBytes(bytes.Memory)),
        _ => [],
    };

    private static List<BinaryData>? FromJson(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith('['))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray()
                .Where(item => item.ValueKind != JsonValueKind.Null)
                .Select(item => BinaryData.FromString(item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText()))];
        }
        catch (JsonException)
        {
            // Text that only begins like an array.
            return null;
        }
    }
}
