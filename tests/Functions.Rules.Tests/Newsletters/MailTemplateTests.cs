using Chard.Domain.Failures;
using Chard.Functions.Newsletters;

namespace Chard.Functions.Tests.Newsletters;

public sealed class MailTemplateTests
{
    private static readonly Recipient Ada = new("ada@example.com", "Ada", new Dictionary<string, string> { ["City"] = "Köln <1>" });

    [Theory]
    [InlineData("Hello {{name}}!", "Hello Ada!")]
    [InlineData("{{ NAME }} <{{address}}>", "Ada <ada@example.com>")]
    [InlineData("{{city}}", "Köln <1>")]
    [InlineData("{{street|your street}}", "your street")]
    [InlineData("{{street|}}.", ".")]
    [InlineData("a } b }} c { d", "a } b }} c { d")]
    [InlineData("", "")]
    public void Render_Text_FillsValuesInAsTheyAre(string template, string expected)
    {
        Assert.Null(MailTemplate.Fault(template));
        Assert.Equal(expected, MailTemplate.Render(template, Ada, html: false));
    }

    [Fact]
    public void Render_Html_EncodesValuesButNotTheTemplate() =>
        Assert.Equal("<b>K&#246;ln &lt;1&gt;</b>", MailTemplate.Render("<b>{{city}}</b>", Ada, html: true));

    [Fact]
    public void Render_ValueWithBraces_IsNotFilledInAgain() =>
        Assert.Equal("{{address}}", MailTemplate.Render("{{name}}", Ada with { Name = "{{address}}" }, html: false));

    [Fact]
    public void Render_MissingValue_IsAPermanentFailureOfThatRecipient()
    {
        var e = Assert.Throws<PermanentTaskException>(() => MailTemplate.Render("{{street}}", Ada, html: false));

        Assert.Equal("missing-value", e.Code);
        Assert.Contains("ada@example.com has no 'street'", e.Message, StringComparison.Ordinal);
        Assert.Contains("{{street|reader}}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hi {{name", "character 4 is not closed")]
    [InlineData("{{}}", "character 1 has no name")]
    [InlineData("ok {{name}} {{first name}}", "character 13 has no name")]
    public void Fault_BrokenPlaceholder_SaysWhere(string template, string fault) =>
        Assert.Contains(fault, MailTemplate.Fault(template), StringComparison.Ordinal);
}
