using System.Collections.ObjectModel;
using System.Reflection;
using System.Text;

namespace Chard.Emulator.Tests.ApiParity;

/// <summary>Writes a type as the listings do, nullable annotations included where the compiler left them.</summary>
internal sealed class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private readonly byte[] flags;
    private int next;

    private TypeText(byte[] flags) => this.flags = flags;

    /// <summary>The name of a type itself, as it stands in front of a member: "A.Outer.Inner&lt;T&gt;".</summary>
    public static string Name(Type type) => new TypeText([0]).Write(type);

    /// <summary>A type at a place that carries annotations. <paramref name="members"/> go from the place outwards, for their default.</summary>
    public static string At(Type type, ICustomAttributeProvider place, bool annotated, params ReadOnlySpan<MemberInfo?> members)
    {
        var text = new TypeText(annotated ? Flags(place, members) : [0]);
        return text.Write(type);
    }

    /// <summary>The annotation of a place that takes one flag, 0 when there is none.</summary>
    public static byte Flag(ICustomAttributeProvider place, params ReadOnlySpan<MemberInfo?> members) => Flags(place, members)[0];

    private static byte[] Flags(ICustomAttributeProvider place, ReadOnlySpan<MemberInfo?> members)
    {
        if (Read(place, "System.Runtime.CompilerServices.NullableAttribute") is { } own)
        {
            return own;
        }

        foreach (var member in members)
        {
            for (var at = member; at is not null; at = at.DeclaringType)
            {
                if (Read(at, "System.Runtime.CompilerServices.NullableContextAttribute") is { } context)
                {
                    return context;
                }
            }
        }

        return [0];
    }

    private static byte[]? Read(ICustomAttributeProvider place, string attribute)
    {
        IList<CustomAttributeData> data = place switch
        {
            MemberInfo member => member.GetCustomAttributesData(),
            ParameterInfo parameter => parameter.GetCustomAttributesData(),
            _ => [],
        };
        return data.FirstOrDefault(item => item.AttributeType.FullName == attribute)?.ConstructorArguments[0].Value switch
        {
            byte flag => [flag],
            ReadOnlyCollection<CustomAttributeTypedArgument> flags => [.. flags.Select(flag => (byte)flag.Value!)],
            _ => null,
        };
    }

    private byte Take() => flags.Length == 1 ? flags[0] : flags[next++];

    // The order of flags is the compiler's: a type before its arguments; value types without arguments have none,
    // Nullable<T> has only T's, other generic value types have one that says nothing.
    private string Write(Type type)
    {
        if (type.IsByRef)
        {
            return Write(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            var flag = Take();
            return Write(type.GetElementType()!) + "[]" + Mark(flag);
        }

        if (type.IsGenericParameter)
        {
            return type.Name + Mark(Take());
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Write(underlying) + "?";
        }

        if (type.IsValueType)
        {
            if (type.IsGenericType)
            {
                Take();
            }

            return Named(type);
        }

        var annotation = type == typeof(void) ? (byte)0 : Take();
        return Named(type) + Mark(annotation);
    }

    private string Named(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        var arguments = type.GetGenericArguments();
        var used = 0;
        var text = new StringBuilder(type.Namespace);
        foreach (var part in Nesting(type))
        {
            var tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            text.Append('.').Append(tick < 0 ? part.Name : part.Name[..tick]);
            if (tick >= 0)
            {
                var count = part.GetGenericArguments().Length - used;
                text.Append('<').AppendJoin(", ", arguments.Skip(used).Take(count).Select(Write)).Append('>');
                used += count;
            }
        }

        return text.ToString();
    }

    private static IEnumerable<Type> Nesting(Type type) => type.DeclaringType is { } outer ? [.. Nesting(outer), type] : [type];

    private static string Mark(byte flag) => flag == 2 ? "?" : string.Empty;
}
