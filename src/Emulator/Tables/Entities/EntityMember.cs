using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace Chard.Emulator.Tables.Entities;

/// <summary>A public property or field of an entity's class and the stored property it stands for.</summary>
internal abstract class EntityMember
{
    private readonly JsonEncodedText encodedName;
    private readonly JsonEncodedText encodedTypeName;

    protected EntityMember(MemberInfo member, bool canRead, bool canWrite)
    {
        Name = member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;
        encodedName = JsonEncodedText.Encode(Name, EntityProperties.Encoder);
        encodedTypeName = JsonEncodedText.Encode(Name + EntityProperties.TypeSuffix, EntityProperties.Encoder);
        Utf8Name = Encoding.UTF8.GetBytes(Name == "ETag" ? EntityProperties.ETag : Name);
        // The service sets these two: they are read, never written.
        IsStored = canRead && Name is not ("ETag" or EntityProperties.Timestamp);
        IsLoaded = canWrite;
    }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    public bool IsStored { get; }

    public bool IsLoaded { get; }

    protected PropertyName WrittenName => new(encodedName, encodedTypeName);

    public abstract void Write(Utf8JsonWriter writer, object entity);

    /// <summary>Reads the value at hand, which may be null, into the entity.</summary>
    public abstract void Read(ref Utf8JsonReader reader, object entity);

    /// <summary>The members of a type in the order of their declaration, without those marked [IgnoreDataMember].</summary>
    public static EntityMember[] Of(Type type)
    {
        var members = new List<EntityMember>();
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance))
        {
            if (member.IsDefined(typeof(IgnoreDataMemberAttribute)))
            {
                continue;
            }

            var valueType = member switch
            {
                PropertyInfo property when property.GetIndexParameters().Length == 0 => property.PropertyType,
                FieldInfo field => field.FieldType,
                _ => null,
            };
            if (valueType is not null)
            {
                members.Add((EntityMember)Activator.CreateInstance(typeof(EntityMember<>).MakeGenericType(valueType), member));
            }
        }

        // The four that every entity has are stored even where a class implements them explicitly.
        foreach (var property in typeof(ITableEntity).GetProperties().Where(property => typeof(ITableEntity).IsAssignableFrom(type) && type.GetProperty(property.Name) is null))
        {
            members.Add((EntityMember)Activator.CreateInstance(typeof(EntityMember<>).MakeGenericType(property.PropertyType), property));
        }

        return [.. members];
    }
}

/// <summary>A member of type <typeparamref name="T"/>, whose value is never boxed on its way.</summary>
internal sealed class EntityMember<T> : EntityMember
{
    private readonly EdmCodec<T> codec = EdmCodecs.For<T>();
    private readonly Func<object, T> getter;
    private readonly Action<object, T> setter;

    public EntityMember(PropertyInfo property)
        : base(property, property.CanRead, property.CanWrite)
    {
        getter = property.CanRead ? MemberAccess.Getter<T>(property) : null;
        setter = property.CanWrite ? MemberAccess.Setter<T>(property) : null;
    }

    public EntityMember(FieldInfo field)
        : base(field, canRead: true, canWrite: !field.IsInitOnly)
    {
        getter = entity => (T)field.GetValue(entity);
        setter = field.IsInitOnly ? null : (entity, value) => field.SetValue(entity, value);
    }

    public override void Write(Utf8JsonWriter writer, object entity) => codec.Write(writer, WrittenName, getter(entity));

    public override void Read(ref Utf8JsonReader reader, object entity)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            setter(entity, default);
            return;
        }

        try
        {
            setter(entity, codec.Read(ref reader));
        }
        catch (FormatException exception)
        {
            throw new InvalidCastException($"The stored property '{Name}' cannot be read as {typeof(T)}: {exception.Message}.", exception);
        }
    }
}
