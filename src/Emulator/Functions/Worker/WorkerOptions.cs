using System.Collections;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>
    /// Reads and writes JSON for function parameters, durable inputs and outputs, and <c>HttpResponseData.WriteAsJsonAsync</c>.
    /// The default writes names as they are declared, reads them whatever their case, ignores fields, and follows <c>Configure&lt;JsonSerializerOptions&gt;</c>.
    /// </summary>
    public ObjectSerializer? Serializer { get; set; }

    /// <summary>The app's own converters, tried in order before the host's.</summary>
    public InputConverterCollection InputConverters { get; } = new();

    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>();
}

/// <summary>An ordered list of converter types.</summary>
public sealed class InputConverterCollection : IEnumerable<Type>
{
    private readonly List<Type> converters = [];

    public void Register<T>()
        where T : IInputConverter => converters.Add(typeof(T));

    public void RegisterAt<T>(int index)
        where T : IInputConverter => converters.Insert(index, typeof(T));

    public void Clear() => converters.Clear();

    public IEnumerator<Type> GetEnumerator() => converters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
