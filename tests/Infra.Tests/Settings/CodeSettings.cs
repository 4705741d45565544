using System.Text.RegularExpressions;

namespace Chard.Infra.Tests.Settings;

/// <summary>
/// The settings that the code reads, told from its text: texts that name one whole, properties of classes that stand for a section, and
/// what a file that takes a section asks it for.
/// </summary>
internal static partial class CodeSettings
{
    /// <summary>Sections whose members have names that people choose: tasks, limits, schedules, secrets.</summary>
    public static readonly string[] Open = ["Chard:Tasks", "Chard:Limits", "Chard:Schedules", "Chard:Webhooks:Secrets"];

    /// <summary>The settings that these files read, such as <c>Chard:Clock</c>.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyCollection<string> files)
    {
        var settings = new HashSet<string>();
        var sections = new HashSet<string>();
        foreach (string file in files)
        {
            foreach (Match section in SectionConstant().Matches(file))
            {
                string path = section.Groups["path"].Value;
                sections.Add(path);
                Properties(path, ClassAround(file, section.Index), file, settings);
                settings.UnionWith(NamesIn(SectionMember(), file, path));
                settings.UnionWith(file.Contains("GetSection(Section)", StringComparison.Ordinal) ? NamesIn(Name(), file, path) : []);
                settings.UnionWith(NamedAfterAnEnum(file, files, path));
            }

            foreach (Match section in TakenSection().Matches(file))
            {
                sections.Add(section.Groups["path"].Value);
                settings.UnionWith(NamesIn(Name(), file, section.Groups["path"].Value));
            }
        }

        settings.UnionWith(AskedOfAReader(files));
        settings.UnionWith(files.SelectMany(file => Whole().Matches(file)).Select(match => match.Groups["path"].Value));
        settings.ExceptWith(sections);
        return settings;
    }

    /// <summary>The files that the app is made of.</summary>
    public static IReadOnlyCollection<string> Files() =>
        [.. new[] { "Domain", "Chard", "Functions" }.SelectMany(project => RepositoryPaths.SourcesUnder("src", project))
            .Select(File.ReadAllText)];

    /// <summary>True of a setting, or of one below a section whose names people choose.</summary>
    public static bool Has(this IReadOnlySet<string> settings, string setting) =>
        settings.Contains(setting) || Open.Any(section => setting.StartsWith($"{section}:", StringComparison.Ordinal));

    private static IEnumerable<string> NamesIn(Regex pattern, string text, string path) =>
        pattern.Matches(text).Select(match => $"{path}:{match.Groups["name"].Value}");

    /// <summary><c>section[$"{role}Key"]</c>, <c>Role</c> being an enum.</summary>
    private static IEnumerable<string> NamedAfterAnEnum(string file, IReadOnlyCollection<string> files, string path) =>
        from pattern in NameOfAMember().Matches(file)
        from other in files
        from members in EnumBody().Matches(other)
        where members.Groups["enum"].Value.Equals(pattern.Groups["enum"].Value, StringComparison.OrdinalIgnoreCase)
        from member in EnumMember().Matches(members.Groups["members"].Value)
        select $"{path}:{member.Groups["name"].Value}{pattern.Groups["rest"].Value}";

    /// <summary><c>RetentionDays.In(configuration, "EndedDays", 30)</c>, <c>RetentionDays</c> having the section.</summary>
    private static IEnumerable<string> AskedOfAReader(IReadOnlyCollection<string> files)
    {
        Dictionary<string, string> readers = files.SelectMany(file => Reader().Matches(file))
            .ToDictionary(reader => reader.Groups["class"].Value, reader => reader.Groups["path"].Value);
        return files.SelectMany(file => Asked().Matches(file))
            .Where(asked => readers.ContainsKey(asked.Groups["class"].Value))
            .Select(asked => $"{readers[asked.Groups["class"].Value]}:{asked.Groups["name"].Value}");
    }

    /// <summary>Adds what may be set of a class; a property that is itself a class of the same file is a section below.</summary>
    private static void Properties(string path, string body, string file, HashSet<string> settings)
    {
        foreach (Match property in Property().Matches(body))
        {
            string name = property.Groups["name"].Value;
            string type = property.Groups["type"].Value;
            if (Regex.Match(file, $@"class {Regex.Escape(type)}\b") is { Success: true } nested)
            {
                Properties($"{path}:{name}", ClassAround(file, nested.Index + nested.Length + 1), file, settings);
            }
            else if (!Open.Contains($"{path}:{name}"))
            {
                settings.Add($"{path}:{name}");
            }
        }
    }

    /// <summary>From a place in a class to where the next one begins.</summary>
    private static string ClassAround(string file, int at)
    {
        Match next = ClassStart().Match(file, at);
        return next.Success ? file[at..next.Index] : file[at..];
    }

    [GeneratedRegex(@"const string Section = ""(?<path>Chard(?::[A-Z]\w*)+)""")]
    private static partial Regex SectionConstant();

    [GeneratedRegex(@"class (?<class>\w+)[^{]*\{(?:(?!\bclass )[\s\S])*?const string Section = ""(?<path>Chard(?::[A-Z]\w*)+)""")]
    private static partial Regex Reader();

    [GeneratedRegex(@"\b(?<class>[A-Z]\w*)\.\w+\(\w+, ""(?<name>[A-Z]\w*)""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\[\$""\{(?<enum>\w+)\}(?<rest>\w+)""\]")]
    private static partial Regex NameOfAMember();

    [GeneratedRegex(@"\benum (?<enum>\w+)\s*\{(?<members>[^}]*)\}")]
    private static partial Regex EnumBody();

    [GeneratedRegex(@"^\s*(?<name>[A-Z]\w*)\b", RegexOptions.Multiline)]
    private static partial Regex EnumMember();

    [GeneratedRegex(@"GetSection\(""(?<path>Chard(?::[A-Z]\w*)+)""\)")]
    private static partial Regex TakenSection();

    [GeneratedRegex(@"\{Section\}:(?<name>[A-Z]\w*)")]
    private static partial Regex SectionMember();

    [GeneratedRegex(@"""%?(?<path>Chard(?::[A-Z]\w*)+)%?""")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?:\w\(|\[)""(?<name>[A-Z][a-zA-Z]+)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"public (?!static )(?<type>[\w<>?, ]+?)\?? (?<name>[A-Z]\w*) \{ get; (?:(?:set|init); \}|\} =)")]
    private static partial Regex Property();

    [GeneratedRegex(@"^(?:public|internal) [a-z ]*class ", RegexOptions.Multiline)]
    private static partial Regex ClassStart();
}
