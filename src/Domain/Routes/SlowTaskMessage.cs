using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Identity;
using Chard.Domain.Tasks;

namespace Chard.Domain.Routes;

/// <summary>A message on the queue of slow tasks, and the input of what puts it there: one call, and who waits for its end.</summary>
/// <param name="Call">The call; its turn and path name the event that ends it.</param>
/// <param name="InstanceId">The instance that waits: the workflow's own or a sub-orchestration of it.</param>
/// <param name="TraceParent">The span that sent it, in W3C's form: the task's belongs to its trace. Null for none.</param>
public sealed record SlowTaskMessage(
    [property: JsonPropertyName("call")] TaskCall Call,
    [property: JsonPropertyName("instance")] string InstanceId,
    [property: JsonPropertyName("trace"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent = null)
{
    /// <summary>Longest message, in bytes of UTF-8: 40 KiB. A queue takes 48 KiB, which are 64 KiB in Base64.</summary>
    public const int MaxBytes = 40 * 1024;

    // What escapes nothing keeps arguments of 32 KiB within the bound in nearly every script. Deeper than a start's document by
    // what is around the arguments.
    private static readonly JsonSerializerOptions Options =
        new(TaskJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>The message as it is queued.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads a message. False, and why, for what no sender of ours has written.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out SlowTaskMessage? message,
        [NotNullWhen(false)] out string? fault)
    {
        message = null;
        try
        {
            message = JsonSerializer.Deserialize<SlowTaskMessage>(utf8, Options);
            fault = message switch
            {
                null => "The message is null.",
                _ when string.IsNullOrEmpty(message.InstanceId) => "The message names no instance that waits.",
                _ when !WorkflowId.IsValid(message.Call.WorkflowId) => $"The message names no workflow. {WorkflowId.Rule}",
                _ when !TaskPath.IsValid(message.Call.Path) => $"The message names no position. {TaskPath.Rule}",
                _ => null,
            };
        }
        catch (JsonException e)
        {
            fault = $"The message is no call of a task: {e.Message}";
        }

        message = fault is null ? message : null;
        return fault is null;
    }
}
