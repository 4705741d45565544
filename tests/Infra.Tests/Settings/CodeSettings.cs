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

    /// <summary>Settings of one name, <c>Chard:Clock</c>, over all files.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyCollection<string> files)
    {
        var settings = new HashSet<string>();
        var sections = new HashSet<string>();
        foreach (string file in files)
        {
            foreach (Match section in SectionConstant().Matches(file))
            {
                sections.Add(section.Groups["path"].Value);
                Properties(section.Groups["path"].Value, ClassAround(file, section.Index), file, settings);
                settings.UnionWith(SectionMember().Matches(file).Select(m => $"{section.Groups["path"].Value}:{m.Groups["name"].Value}"));
            }

            foreach (Match section in TakenSection().Matches(file))
            {
                sections.Add(section.Groups["path"].Value);
                settings.UnionWith(Name().Matches(file).Select(m => $"{section.Groups["path"].Value}:{m.Groups["name"].Value}"));
            }
        }

        // RetentionDays.In(configuration, "EndedDays", 30), RetentionDays having the section.
        Dictionary<string, string> readers = files.SelectMany(file => Reader().Matches(file))
            .ToDictionary(reader => reader.Groups["class"].Value, reader => reader.Groups["path"].Value);
        settings.UnionWith(files.SelectMany(file => Asked().Matches(file))
            .Where(asked => readers.ContainsKey(asked.Groups["class"].Value))
            .Select(asked => $"{readers[asked.Groups["class"].Value]}:{asked.Groups["name"].Value}"));

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

    [GeneratedRegex(@"GetSection\(""(?<path>Chard(?::[A-Z]\w*)+)""\)")]
    private static partial Regex TakenSection();

    [GeneratedRegex(@"\{Section\}:(?<name>[A-Z]\w*)")]
    private static partial Regex SectionMember();

    [GeneratedRegex(@"""%?(?<path>Chard(?::[A-Z]\w*)+)%?""")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?:\w\(|\[)""(?<name>[A-Z][a-zA-Z]+)""")]
    private static partial Regex Name();

    [GeneratedRegex(@"public (?!static )(?<type>[\w<>?, ]+?)\?? (?<name>[A-Z]\w*) \{ get;")]
    private static partial Regex Property();

    [GeneratedRegex(@"^(?:public|internal) [a-z ]*class ", RegexOptions.Multiline)]
    private static partial Regex ClassStart();
}
