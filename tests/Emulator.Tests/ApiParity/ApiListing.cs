using System.Text.RegularExpressions;

namespace Chard.Emulator.Tests.ApiParity;

/// <summary>The real packages' public API, a fact a line, as *.txt beside this file holds it.</summary>
internal sealed partial class ApiListing
{
    private readonly Dictionary<string, TypeHeader> types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> unannotated = new(StringComparer.Ordinal);
    private readonly HashSet<string> members = new(StringComparer.Ordinal);

    /// <summary>Reads lines of one listing.</summary>
    /// <param name="lines">"T:name [header]" and member lines; others are no facts.</param>
    /// <param name="annotated">False when the listing was made without nullable annotations.</param>
    public void Add(IEnumerable<string> lines, bool annotated = true)
    {
        foreach (var line in lines)
        {
            if (TypeLine().Match(line) is { Success: true } type)
            {
                types[type.Groups["name"].Value] = TypeHeader.Parse(type.Groups["header"].Value);
                unannotated[type.Groups["name"].Value] = !annotated;
            }
            else if (line.Length > 2 && line[1] == ':')
            {
                members.Add(WithoutAttributes(line));
            }
        }
    }

    /// <summary>What of a type is not in the listing, a sentence each.</summary>
    public IEnumerable<string> Deviations(Type type)
    {
        var name = TypeText.Name(type);
        if (!types.TryGetValue(name, out var real))
        {
            // A type known only by its members: listings of what a newer version added name no type again.
            if (!members.Any(line => line.Contains($" {name}.", StringComparison.Ordinal) || line.Contains($" {name}(", StringComparison.Ordinal)))
            {
                yield return $"{name}: no such type in the listing";
                yield break;
            }
        }
        else
        {
            foreach (var deviation in TypeHeader.Of(type, !unannotated[name]).DeviationsFrom(real))
            {
                yield return $"{name} {deviation}";
            }
        }

        var annotated = !unannotated.GetValueOrDefault(name);
        foreach (var line in new MemberText(annotated).Lines(type).Where(line => !members.Contains(line)))
        {
            yield return $"{line}: no such member in the listing";
        }
    }

    /// <summary>The full name of the type a line tells of; null when the line is no fact.</summary>
    public static string? TypeOf(string line)
    {
        if (TypeLine().Match(line) is { Success: true } type)
        {
            return type.Groups["name"].Value;
        }

        if (line.Length < 2 || line[1] != ':')
        {
            return null;
        }

        // Up to the parameters, the accessors or the value: modifiers, type, then the type's name with the member's.
        var text = WithoutAttributes(line);
        var head = MemberHead().Match(text).Groups["path"].Value;
        return line[0] == 'C' ? head : head[..head.LastIndexOf('.')];
    }

    private static string WithoutAttributes(string line) => Attribute().Replace(line, string.Empty).TrimEnd();

    [GeneratedRegex(@"^T:(?<name>.+?) \[(?<header>.*)\]$")]
    private static partial Regex TypeLine();

    // "[System.Obsolete("…")]" before a return type, before a parameter and at the end; "string[]" and "this[string key]" are none.
    [GeneratedRegex(@"(?<=[ (])\[(return: )?[A-Z][^\]]*\] ?")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"(?<path>(?:[A-Za-z_]\w*(?:<[\w, ]+>)?\.)+(?:this(?=\[)|[A-Za-z_]\w*(?:<[\w, ]+>)?(?=\(| \{| = |$)))")]
    private static partial Regex MemberHead();
}
