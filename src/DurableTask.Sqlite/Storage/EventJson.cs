using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Chard.DurableTask.Sqlite;

/// <summary>History events as JSON, by the framework's own data contracts. The type of an event is kept beside it.</summary>
internal static class EventJson
{
    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        NullValueHandling = NullValueHandling.Ignore,
        ContractResolver = new EventContracts(),
        DateParseHandling = DateParseHandling.None,
        TypeNameHandling = TypeNameHandling.None,
    });

    private static readonly Dictionary<EventType, Type> Types = Enum.GetValues<EventType>()
        .Select(type => (type, Type: typeof(HistoryEvent).Assembly.GetType($"DurableTask.Core.History.{type}Event")
            ?? typeof(HistoryEvent).Assembly.GetType($"DurableTask.Core.History.{type}")))
        .Where(pair => pair.Type is not null)
        .ToDictionary(pair => pair.type, pair => pair.Type!);

    public static string? Write(object? value)
    {
        if (value is null)
        {
            return null;
        }

        var text = new StringBuilder(256);
        using var writer = new JsonTextWriter(new StringWriter(text, CultureInfo.InvariantCulture));
        Serializer.Serialize(writer, value);
        return text.ToString();
    }

    public static T? Read<T>(string? json)
        where T : class => json is null ? null : (T)Read(json, typeof(T));

    public static HistoryEvent Read(long type, string json) => (HistoryEvent)Read(json, Types[(EventType)type]);

    /// <summary>The tags of the orchestration, which travel with each activity.</summary>
    public static OrchestrationExecutionContext? ReadContext(string? json) => Read<OrchestrationExecutionContext>(json);

    private static object Read(string json, Type type)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return Serializer.Deserialize(reader, type)!;
    }

    /// <summary>Not every event has a constructor that a serializer can use; all their members are in the text.</summary>
    private sealed class EventContracts : DefaultContractResolver
    {
        protected override JsonObjectContract CreateObjectContract(Type objectType)
        {
            var contract = base.CreateObjectContract(objectType);
            if (objectType.IsSubclassOf(typeof(HistoryEvent)))
            {
                contract.DefaultCreator = () => RuntimeHelpers.GetUninitializedObject(objectType);
                contract.DefaultCreatorNonPublic = false;
            }

            return contract;
        }
    }
}
