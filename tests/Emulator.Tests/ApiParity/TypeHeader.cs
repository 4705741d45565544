using System.Reflection;
using System.Runtime.CompilerServices;

namespace Chard.Emulator.Tests.ApiParity;

/// <summary>What a "T:" line says of a type: kind, base, interfaces, constraints.</summary>
internal sealed record TypeHeader(string Kind, string? Base, IReadOnlySet<string> Interfaces, string Constraints)
{
    /// <summary>The header of a loaded type.</summary>
    public static TypeHeader Of(Type type, bool annotated)
    {
        var member = new MemberText(annotated);
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return new($"{Access(type)} delegate {member.Signature(type.GetMethod("Invoke")!)}", null, new HashSet<string>(), string.Empty);
        }

        var parent = type.BaseType is { } candidate && candidate != typeof(object) && candidate != typeof(ValueType) && candidate != typeof(Enum) ? TypeText.Name(candidate) : null;
        var interfaces = type.IsEnum ? [] : type.GetInterfaces().Where(item => item.IsVisible).Select(TypeText.Name).ToHashSet(StringComparer.Ordinal);
        var constraints = type.IsGenericType ? MemberText.Constraints(type.GetGenericArguments(), type).Trim() : string.Empty;
        return new($"{Access(type)} {Kinds(type)}", parent, interfaces, constraints);
    }

    /// <summary>Reads what stands in the brackets of a "T:" line. Attributes are not compared.</summary>
    public static TypeHeader Parse(string text)
    {
        var attributes = text.IndexOf("; attrs [", StringComparison.Ordinal);
        var parts = (attributes < 0 ? text : text[..attributes]).Split("; ");
        string? After(string word) => parts.FirstOrDefault(part => part.StartsWith(word, StringComparison.Ordinal))?[word.Length..];
        return new(parts[0], After("base "), SplitTypes(After("implements ") ?? string.Empty).ToHashSet(StringComparer.Ordinal), After("where ") is { } where ? "where " + where : string.Empty);
    }

    /// <summary>What of this header the real one does not allow.</summary>
    public IEnumerable<string> DeviationsFrom(TypeHeader real)
    {
        if (Kind != real.Kind)
        {
            yield return $"is \"{Kind}\", the real one is \"{real.Kind}\"";
        }

        if (Base != real.Base)
        {
            yield return $"has the base {Base ?? "object"}, the real one has {real.Base ?? "object"}";
        }

        if (Constraints != real.Constraints)
        {
            yield return $"is constrained \"{Constraints}\", the real one is \"{real.Constraints}\"";
        }

        foreach (var extra in Interfaces.Except(real.Interfaces))
        {
            yield return $"implements {extra}, the real one does not";
        }
    }

    private static string Access(Type type) => type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";

    private static string Kinds(Type type)
    {
        if (type.IsEnum)
        {
            return $"enum : {TypeText.Name(Enum.GetUnderlyingType(type))}";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        if (type.IsValueType)
        {
            var isRecord = type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
            return (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : string.Empty) + (isRecord ? "record struct" : "struct");
        }

        var kind = type.GetMethod("<Clone>$") is not null ? "record" : "class";
        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static " + kind,
            (true, false) => "abstract " + kind,
            (false, true) => "sealed " + kind,
            _ => kind,
        };
    }

    // Commas within angle brackets part arguments, not interfaces.
    private static IEnumerable<string> SplitTypes(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '<' => 1, '>' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..].Trim();
        }
    }
}
