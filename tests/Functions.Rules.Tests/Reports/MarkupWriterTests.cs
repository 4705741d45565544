using System.Xml.Linq;
using Chard.Functions.Reports.Html;

namespace Chard.Functions.Tests.Reports;

public sealed class MarkupWriterTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onload=\"alert(1)")]
    [InlineData("' & ]]> <!-- &lt;")]
    [InlineData("tab\tand\nline")]
    public void TextAndAttribute_AnyText_ComesBackAsItWas(string text)
    {
        XElement element = XElement.Parse(new MarkupWriter().Element("p", text, ("title", text)).ToString());

        Assert.Equal(text, element.Value);
        Assert.Empty(element.Elements());
        Assert.Equal(text.ReplaceLineEndings(" ").Replace('\t', ' '), element.Attribute("title")!.Value);
        Assert.Single(element.Attributes());
    }

    [Theory]
    [InlineData("\0", "\uFFFD")]
    [InlineData("a\u0001b\r\u001b\u0085\uFFFEc", "a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFDc")]
    [InlineData("😀", "😀")]
    public void Text_WhatXmlCannotHold_IsReplaced(string text, string written) =>
        Assert.Equal(written, XElement.Parse(new MarkupWriter().Element("p", text).ToString()).Value);

    [Fact]
    public void Text_HalfOfASurrogatePair_IsReplaced() =>
        Assert.Equal("<p>\uFFFDx</p>", new MarkupWriter().Element("p", "\uD800x").ToString()); // an attribute of a theory could not hold it

    [Fact]
    public void ToString_ElementOpen_IsRefused() => Assert.Throws<InvalidOperationException>(() => new MarkupWriter().Open("p").ToString());
}
