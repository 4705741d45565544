using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Chard.Domain.Tasks;

/// <summary>
/// Tells whether values of a type come back from JSON as they went in. Asked at start of every task's arguments and result, so that a
/// stream or a delegate in a record is found before anything runs.
/// </summary>
public static class JsonShape
{
    private static readonly HashSet<Type> Simple =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Int128), typeof(UInt128), typeof(Half), typeof(byte[]), typeof(Memory<byte>),
        typeof(ReadOnlyMemory<byte>), typeof(JsonElement), typeof(JsonNode), typeof(JsonObject), typeof(JsonArray), typeof(JsonValue),
    ];

    private static readonly Type[] Never =
    [
        typeof(Delegate), typeof(Stream), typeof(TextReader), typeof(TextWriter), typeof(MemberInfo), typeof(Assembly), typeof(Task),
        typeof(CancellationToken), typeof(CancellationTokenSource), typeof(Exception), typeof(SerializationInfo),
        typeof(IServiceProvider), typeof(WaitHandle), typeof(JsonDocument), typeof(System.Linq.Expressions.Expression),
    ];

    /// <summary>A sentence for every member below <paramref name="type"/> that would not survive; empty if all do.</summary>
    /// <param name="type">Type of arguments or of a result.</param>
    /// <param name="name">What to call it in the sentences, such as <c>the arguments of Echo</c>.</param>
    public static IReadOnlyList<string> Check(Type type, string name)
    {
        ArgumentNullException.ThrowIfNull(type);
        var faults = new List<string>();
        Walk(type, name, [], [], [], faults);
        return faults;
    }

    private static void Walk(Type given, string place, List<Type> direct, HashSet<Type> above, HashSet<Type> done, List<string> faults)
    {
        Type type = Nullable.GetUnderlyingType(given) ?? given;
        if (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint))
        {
            return;
        }

        if (type.IsEnum || Simple.Contains(type) || type.IsDefined(typeof(JsonConverterAttribute)))
        {
            return;
        }

        if (direct.Contains(type))
        {
            faults.Add($"{place} leads back to {Name(type)}: values may form a cycle, which JSON cannot hold. Pass an id instead.");
            return;
        }

        if (Refusal(type) is { } refusal)
        {
            faults.Add($"{place} is {refusal}");
            return;
        }

        if (above.Contains(type) || !done.Add(type))
        {
            return;
        }

        JsonTypeInfo info;
        try
        {
            info = TaskJson.Options.GetTypeInfo(type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            faults.Add($"{place} is {Name(type)}, which JSON cannot hold: {e.Message}");
            return;
        }

        above.Add(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
            case JsonTypeInfoKind.Dictionary:
                // Through a collection a type may contain itself: that is a tree.
                Walk(info.ElementType!, place + "[]", [], above, done, faults);
                if (info.KeyType is { } key)
                {
                    Walk(key, place + " (its keys)", [], above, done, faults);
                }

                break;

            case JsonTypeInfoKind.Object:
                WalkMembers(info, place, [.. direct, type], above, done, faults);
                break;

            default:
                faults.Add($"{place} is {Name(type)}, which JSON cannot hold. Give it a [JsonConverter], or pass an id or a reference.");
                break;
        }

        above.Remove(type);
    }

    private static void WalkMembers(
        JsonTypeInfo info,
        string place,
        List<Type> direct,
        HashSet<Type> above,
        HashSet<Type> done,
        List<string> faults)
    {
        foreach (FieldInfo field in info.Type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!field.IsDefined(typeof(JsonIgnoreAttribute)) && !field.IsDefined(typeof(JsonIncludeAttribute)))
            {
                faults.Add($"{place}.{field.Name} is a field, which JSON leaves out. Make it a property.");
            }
        }

        if (info.CreateObject is null && info.ConstructorAttributeProvider is null && info.PolymorphismOptions is null)
        {
            faults.Add(
                $"{place} is {Name(info.Type)}, which has no constructor that JSON can use. Give it one public constructor, or "
                    + "mark one with [JsonConstructor].");
            return;
        }

        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (property.Get is null && property.Set is null)
            {
                continue; // ignored by its attribute
            }

            string member = (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
            if (IsLost(property))
            {
                faults.Add($"{place}.{member} is written but never read back. Give it an init accessor or a constructor parameter.");
                continue;
            }

            if (property.CustomConverter is null)
            {
                Walk(property.PropertyType, $"{place}.{member}", direct, above, done, faults);
            }
        }

        foreach (JsonDerivedType derived in info.PolymorphismOptions?.DerivedTypes ?? [])
        {
            Walk(derived.DerivedType, $"{place} ({Name(derived.DerivedType)})", direct, above, done, faults);
        }
    }

    /// <summary>A value that is kept but not taken from JSON. One that is computed from others loses nothing.</summary>
    private static bool IsLost(JsonPropertyInfo property) =>
        property.Set is null && property.AssociatedParameter is null
        && property.AttributeProvider is PropertyInfo member
        && member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is { } kept
        && kept.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string? Refusal(Type type)
    {
        if (type == typeof(object))
        {
            return "object (or dynamic), whose type JSON forgets. Name the type, or take JsonElement.";
        }

        if (type.IsPointer || type.IsByRef || type.IsFunctionPointer || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint))
        {
            return $"{Name(type)}, a pointer, which means nothing elsewhere.";
        }

        if (Array.Find(Never, n => n.IsAssignableFrom(type)) is { } kind)
        {
            return $"{Name(type)}, which cannot be written as JSON ({Name(kind)}). Pass an id or a payload reference.";
        }

        if (type is { IsArray: true } && type.GetArrayRank() > 1)
        {
            return $"{Name(type)}, an array of several dimensions, which JSON cannot hold. Use an array of arrays.";
        }

        bool collection = typeof(IEnumerable).IsAssignableFrom(type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        {
            return $"{Name(type)}, a stream, which cannot be read back. Pass a payload reference; to read arguments item by "
                + "item, implement IStreamTask.";
        }

        if ((type.IsInterface || type.IsAbstract)
            && !collection && !type.IsDefined(typeof(JsonPolymorphicAttribute)) && !type.IsDefined(typeof(JsonDerivedTypeAttribute)))
        {
            return $"{Name(type)}, an {(type.IsInterface ? "interface" : "abstract class")} that JSON cannot create. Name the "
                + "class, or mark it with [JsonDerivedType].";
        }

        return type.IsGenericTypeDefinition || type.IsGenericParameter ? $"{Name(type)}, which is not a whole type." : null;
    }

    private static string Name(Type type) =>
        type.IsGenericType
            ? type.Name[..Math.Max(0, type.Name.IndexOf('`', StringComparison.Ordinal))]
                + "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">"
            : type.Name;
}
