using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Data.Tables;

namespace Chard.Emulator.Tables.Entities;

/// <summary>How entities of one class are put into JSON and taken out of it. Unknown stored properties are passed over.</summary>
internal sealed class EntityMap
{
    private static readonly ConcurrentDictionary<Type, EntityMap> Maps = new();

    private readonly EntityMember[] stored;
    private readonly EntityMember[] loaded;

    private EntityMap(Type type)
    {
        var members = EntityMember.Of(type);
        stored = Array.FindAll(members, member => member.IsStored);
        loaded = Array.FindAll(members, member => member.IsLoaded);
    }

    public static EntityMap For(Type type) => Maps.GetOrAdd(type, static type => new EntityMap(type));

    /// <summary>Writes an entity of any kind as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, ITableEntity entity)
    {
        writer.WriteStartObject();
        if (entity is TableEntity table)
        {
            WriteProperties(writer, table.Properties);
        }
        else if (entity is IEnumerable<KeyValuePair<string, object>> dictionary)
        {
            WriteProperties(writer, dictionary);
        }
        else
        {
            foreach (var member in For(entity.GetType()).stored)
            {
                member.Write(writer, entity);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads the object at hand. Members that the object does not have keep what the constructor gave them.</summary>
    public void Read(ref Utf8JsonReader reader, object entity)
    {
        // The service sends the properties of every entity in one order: the member after the last one found is nearly always the next.
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Find(ref reader, ref next);
            reader.Read();
            if (member is null)
            {
                reader.Skip();
            }
            else
            {
                member.Read(ref reader, entity);
            }
        }
    }

    private static void WriteProperties<T>(Utf8JsonWriter writer, T properties)
        where T : IEnumerable<KeyValuePair<string, object>>
    {
        foreach (var (key, value) in properties)
        {
            if (key is not (EntityProperties.ETag or EntityProperties.Timestamp))
            {
                if (value is Enum)
                {
                    throw new NotSupportedException($"Property '{key}' holds an enum: a TableEntity cannot read it back. Store its name as a string, or use a class of your own, where enums are supported.");
                }

                EdmWriter.Write(writer, new PropertyName(key), value);
            }
        }
    }

    private EntityMember Find(ref Utf8JsonReader reader, ref int next)
    {
        for (var tried = 0; tried < loaded.Length; tried++)
        {
            var index = next + tried < loaded.Length ? next + tried : next + tried - loaded.Length;
            if (reader.ValueTextEquals(loaded[index].Utf8Name))
            {
                next = index + 1 == loaded.Length ? 0 : index + 1;
                return loaded[index];
            }
        }

        return null;
    }
}
