using System.Globalization;
using System.Text.RegularExpressions;
using Chard.Domain.Tasks;

namespace Chard.Functions.Tests.Repository;

/// <summary>What the skill advises exists: the names of policies, their values, the exceptions, the links.</summary>
public sealed partial class SkillTests
{
    private static readonly string Folder = Path.Combine(RootOf(AppContext.BaseDirectory), ".claude", "skills", "chard-task");

    public static TheoryData<string> Policies =>
        [.. PolicyPattern().Matches(Read("references/examples.md")).Select(m => m.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Example_HasAPolicyThatTheAppWouldTake(string arguments)
    {
        var attribute = new TaskPolicyAttribute();
        foreach (string argument in arguments.Split(", "))
        {
            string[] sides = argument.Split(" = ");
            System.Reflection.PropertyInfo property = typeof(TaskPolicyAttribute).GetProperty(sides[0])
                ?? throw new InvalidOperationException($"There is no {sides[0]}.");
            property.SetValue(attribute, ValueOf(sides[1], property.PropertyType));
        }

        Assert.Empty(TaskPolicyRules.Check(attribute.ToPolicy()));
    }

    [Fact]
    public void Examples_AreTenAndAnswerEachQuestion()
    {
        string[] examples = Read("references/examples.md").Split("\n### ")[1..];

        Assert.Equal(10, examples.Length);
        Assert.All(examples, e => Assert.All(
            new[] { "\n- Fails: ", "\n- Not twice: ", "\n- Shape: ", "\n- `[TaskPolicy(", "\n- Operator: " },
            part => Assert.Contains(part, e, StringComparison.Ordinal)));
    }

    [Fact]
    public void Skill_SaysWhenItIsToBeUsedAndLeadsToWhatIsThere()
    {
        string text = Read("SKILL.md");

        Assert.Matches(@"\A---\nname: chard-task\ndescription: .{50,1000}\n---\n", text);
        Assert.Contains("$ARGUMENTS", text, StringComparison.Ordinal);
        Assert.All(LinkPattern().Matches(text), link => Assert.True(File.Exists(Path.Combine(Folder, link.Groups[1].Value)), link.Value));
        string[] known = [.. typeof(TaskContext).Assembly.GetTypes().Select(t => t.Name)];
        Assert.All(ExceptionPattern().Matches(text), name => Assert.Contains(name.Value, known));
    }

    private static object ValueOf(string text, Type type) =>
        type.IsEnum ? Enum.Parse(type, text.Split('.')[1])
            : type == typeof(string) ? text.Trim('"')
            : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n");

    private static string RootOf(string folder) =>
        File.Exists(Path.Combine(folder, "Functions.sln")) ? folder : RootOf(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(@"\[TaskPolicy\((.+)\)\]")]
    private static partial Regex PolicyPattern();

    [GeneratedRegex(@"\]\((references/[a-z]+\.md)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+TaskException\b")]
    private static partial Regex ExceptionPattern();
}
