using Chard.Emulator.Functions.Invocation;
using Microsoft.DurableTask;

namespace Chard.Emulator.Functions.Durable;

/// <summary>Durable inputs and outputs by a serializer that the app has put in the worker's options. No text stands for null.</summary>
internal sealed class WorkerDataConverter(WorkerSerializer serializer) : DataConverter
{
    public override string? Serialize(object? value) => value is null ? null : serializer.Serialize(value);

    public override object? Deserialize(string? data, Type targetType) => data is null ? null : serializer.Deserialize(data, targetType);
}
