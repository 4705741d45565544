using System.Runtime.InteropServices;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;

namespace Chard.Calls;

/// <summary>Values between an orchestrator's code and its history, where nothing large belongs.</summary>
internal static class Values
{
    /// <summary>The arguments of a call as they travel.</summary>
    public static TaskValue Write(string task, object? args)
    {
        if (args is TaskValue value)
        {
            return value;
        }

        JsonElement json;
        try
        {
            json = TaskJson.ToElement(args);
        }
        catch (NotJsonException e)
        {
            throw Refuse("invalid-args", $"The arguments of {task} cannot travel. {e.Message}", e);
        }

        int bytes = JsonMarshal.GetRawUtf8Value(json).Length;
        return bytes <= TaskValue.MaxInlineBytes
            ? TaskValue.Of(json)
            : throw Refuse("args-too-large", $"The arguments of {task} have {bytes} bytes of JSON; what an orchestrator passes "
                + $"has at most {TaskValue.MaxInlineBytes}. Let a task store them as a payload, and pass its reference or its TaskValue.");
    }

    /// <summary>The result of a call as its caller wants it.</summary>
    public static TResult? Read<TResult>(string task, TaskValue result)
    {
        if (result is TResult asIs)
        {
            return asIs;
        }

        if (result.Reference is { } reference)
        {
            throw Refuse("result-too-large", $"The result of {task} has {reference.Bytes} bytes and lies in payload "
                + $"'{reference.Blob}': an orchestrator does not load it. Call the task with TaskValue as its result and pass that on.");
        }

        try
        {
            return result.ToElement().Deserialize<TResult>(TaskJson.Options);
        }
        catch (JsonException e)
        {
            throw Refuse("invalid-result", $"The result of {task} is no {typeof(TResult).Name}: {e.Message}", e);
        }
    }

    private static PermanentTaskException Refuse(string code, string message, Exception? inner = null) =>
        new(code, $"{code}: {message}", inner);
}
