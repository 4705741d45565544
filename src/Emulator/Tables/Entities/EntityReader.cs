using System.Text.Json;
using Azure.Data.Tables;

namespace Chard.Emulator.Tables.Entities;

/// <summary>Reads the entities of one response, of the type the caller asked for.</summary>
internal sealed class EntityReader<T>
    where T : class, ITableEntity
{
    private readonly EntityMap map = typeof(T) == typeof(TableEntity) ? null : EntityMap.For(typeof(T));
    private readonly PropertyNames names = new();

    /// <summary>Reads a body that is one entity.</summary>
    public T ReadEntity(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ReadObject(ref reader);
    }

    /// <summary>Reads a body that is a page: an object with the entities in <c>value</c>.</summary>
    public List<T> ReadPage(ReadOnlySpan<byte> json)
    {
        var entities = new List<T>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(ReadObject(ref reader));
            }
        }

        return entities;
    }

    private T ReadObject(ref Utf8JsonReader reader)
    {
        if (map is null)
        {
            var table = new TableEntity();
            ReadProperties(ref reader, table.Properties);
            return (T)(object)table;
        }

        var entity = Activator.CreateInstance<T>();
        map.Read(ref reader, entity);
        return entity;
    }

    private void ReadProperties(ref Utf8JsonReader reader, Dictionary<string, object> properties)
    {
        string typedName = null;
        var type = EdmKind.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = names.Read(ref reader, out var isAnnotation);
            reader.Read();
            if (isAnnotation)
            {
                typedName = name;
                type = EdmValue.KindOf(ref reader);
            }
            else if (!name.StartsWith("odata.", StringComparison.Ordinal) || name == EntityProperties.ETag)
            {
                // The service sends a type right before its value.
                var kind = name == EntityProperties.Timestamp ? EdmKind.DateTime : ReferenceEquals(name, typedName) || name == typedName ? type : EdmKind.None;
                properties[name] = EdmValue.Read(ref reader, name, kind);
            }
        }
    }
}
