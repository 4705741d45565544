using System.Text.Json;
using Azure.Core.Serialization;
using Chard.Emulator.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chard.Emulator.Functions.Invocation;

/// <summary>
/// The worker's JSON: names written as declared, read whatever their case, no fields; or the serializer the app has put in its place.
/// </summary>
internal sealed class WorkerSerializer
{
    private readonly ObjectSerializer serializer;
    private readonly JsonSerializerOptions? options;

    public WorkerSerializer(IOptions<WorkerOptions> worker, IOptions<JsonSerializerOptions> json)
    {
        serializer = worker.Value.Serializer ?? new JsonObjectSerializer(json.Value);
        // The default serializer is bypassed for speed: text is read and written directly with the same options.
        options = worker.Value.Serializer is null or DefaultJsonSerializer ? json.Value : null;
    }

    public static ObjectSerializer Of(FunctionContext context) => context.InstanceServices.GetRequiredService<WorkerSerializer>().serializer;

    /// <summary>The same JSON for durable inputs and outputs. The default one is known to the engine, which then works on UTF-8.</summary>
    public DataConverter ToDataConverter() => options is not null ? new JsonDataConverter(options) : new WorkerDataConverter(this);

    public string Serialize(object value) => options is not null
        ? JsonSerializer.Serialize(value, value.GetType(), options)
        : serializer.Serialize(value, value.GetType()).ToString();

    public object? Deserialize(string json, Type type) => options is not null
        ? JsonSerializer.Deserialize(json, type, options)
        : serializer.Deserialize(new BinaryData(json).ToStream(), type, CancellationToken.None);

    public object? Deserialize(ReadOnlyMemory<byte> json, Type type) => options is not null
        ? JsonSerializer.Deserialize(json.Span, type, options)
        : serializer.Deserialize(new BinaryData(json).ToStream(), type, CancellationToken.None);

    /// <summary>Registers the defaults, which the app can change by <c>Configure&lt;JsonSerializerOptions&gt;</c> or <c>WorkerOptions.Serializer</c>.</summary>
    public static void Register(IServiceCollection services)
    {
        services.AddOptions<JsonSerializerOptions>().Configure(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().Configure<IOptions<JsonSerializerOptions>>(
            (worker, json) => worker.Serializer = new DefaultJsonSerializer(json.Value));
        services.AddSingleton<WorkerSerializer>();
    }

    /// <summary>Marks the default as such; in all else the plain serializer.</summary>
    private sealed class DefaultJsonSerializer(JsonSerializerOptions options) : ObjectSerializer
    {
        private readonly JsonObjectSerializer inner = new(options);

        public override void Serialize(Stream stream, object? value, Type inputType, CancellationToken cancellationToken) =>
            inner.Serialize(stream, value, inputType, cancellationToken);

        public override ValueTask SerializeAsync(Stream stream, object? value, Type inputType, CancellationToken cancellationToken) =>
            inner.SerializeAsync(stream, value, inputType, cancellationToken);

        public override object? Deserialize(Stream stream, Type returnType, CancellationToken cancellationToken) =>
            inner.Deserialize(stream, returnType, cancellationToken);

        public override ValueTask<object?> DeserializeAsync(Stream stream, Type returnType, CancellationToken cancellationToken) =>
            inner.DeserializeAsync(stream, returnType, cancellationToken);
    }
}
