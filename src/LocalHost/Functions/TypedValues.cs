using Chard.LocalHost.Worker.Protocol;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Chard.LocalHost.Functions;

/// <summary>Values on their way to the worker and back.</summary>
internal static class TypedValues
{
    public static TypedData ToTypedData(this object? value) => value switch
    {
        null => new TypedData(),
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        ParameterBindingData data => new TypedData
        {
            ModelBindingData = new ModelBindingData
            {
                Version = data.Version,
                Source = data.Source,
                ContentType = data.ContentType,
                Content = ByteString.CopyFrom(data.Content),
            },
        },
        // The SDK's types are made for Newtonsoft, and so the shape that workers expect.
        _ => new TypedData { Json = JsonConvert.SerializeObject(value) },
    };

    /// <summary>What the durable extension takes as a function's result: text stays text, JSON is passed on as it is.</summary>
    public static object? ToReturnValue(this TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.String => data.String,
        TypedData.DataOneofCase.Json when data.Json.StartsWith('"') => JsonConvert.DeserializeObject<string>(data.Json),
        TypedData.DataOneofCase.Json when data.Json == "null" => null,
        TypedData.DataOneofCase.Json => new JRaw(data.Json),
        TypedData.DataOneofCase.Bytes => data.Bytes.ToByteArray(),
        TypedData.DataOneofCase.Int => data.Int,
        TypedData.DataOneofCase.Double => data.Double,
        _ => null,
    };
}
