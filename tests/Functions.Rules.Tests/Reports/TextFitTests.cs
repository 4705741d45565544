using Chard.Functions.Reports.Charts;

namespace Chard.Functions.Tests.Reports;

public sealed class TextFitTests
{
    [Fact]
    public void Cut_TextThatFits_StaysAsItIs() => Assert.Equal("Germany", TextFit.Cut("Germany", 100, 12));

    [Theory]
    [InlineData("A very long name of a product that nobody can read in one go")]
    [InlineData("長い名前の商品長い名前の商品長い名前の商品長い名前の商品")]
    [InlineData("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀")]
    public void Cut_LongText_FitsAndEndsWithAnEllipsisOnAWholeCharacter(string text)
    {
        string cut = TextFit.Cut(text, 90, 12);

        Assert.InRange(TextFit.Width(cut, 12), 30, 90);
        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.StartsWith(cut[..^1], text, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(cut[^2]));
    }
}
