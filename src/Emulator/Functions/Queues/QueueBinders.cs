using System.Reflection;
using Azure.Storage.Queues.Models;
using Chard.Emulator.Functions.Invocation;

namespace Chard.Emulator.Functions.Queues;

/// <summary>Fills the parameters of queue functions.</summary>
internal static class QueueBinders
{
    /// <summary>What a message brings besides its body, by parameter name.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["queueTrigger", "dequeueCount", "expirationTime", "id", "insertionTime", "nextVisibleTime", "popReceipt"];

    public static ParameterBinder ForMessage(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(QueueMessage))
        {
            return context => new ValueTask<object?>(Message(context));
        }

        if (type == typeof(BinaryData))
        {
            return context => new ValueTask<object?>(Message(context).Body);
        }

        if (type == typeof(string))
        {
            return context => new ValueTask<object?>(Message(context).Body.ToString());
        }

        if (type == typeof(byte[]))
        {
            return context => new ValueTask<object?>(Message(context).Body.ToArray());
        }

        if (type == typeof(ReadOnlyMemory<byte>))
        {
            return context => new ValueTask<object?>(Message(context).Body.ToMemory());
        }

        return context => new ValueTask<object?>(ParameterBinders.Converted(context, parameter, Message(context).Body.ToString()));
    }

    /// <summary>The binding data of a message.</summary>
    public static Dictionary<string, object?> Data(QueueMessage message) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = message.Body.ToString(),
        ["DequeueCount"] = message.DequeueCount,
        ["ExpirationTime"] = message.ExpiresOn,
        ["Id"] = message.MessageId,
        ["InsertionTime"] = message.InsertedOn,
        ["NextVisibleTime"] = message.NextVisibleOn,
        ["PopReceipt"] = message.PopReceipt,
    };

    private static QueueMessage Message(HostFunctionContext context) => (QueueMessage)context.TriggerValue!;
}
