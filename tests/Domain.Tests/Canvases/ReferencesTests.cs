using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Failures;

namespace Chard.Domain.Tests.Canvases;

public sealed class ReferencesTests
{
    private static readonly JsonElement Prev = JsonElement.Parse("""{"rows":[10,20],"a/b":1,"~":2,"":3}""");

    [Theory]
    [InlineData("\"$prev/rows/1\"", "20")]
    [InlineData("\"$prev/rows\"", "[10,20]")]
    [InlineData("\"$prev/a~1b\"", "1")]
    [InlineData("\"$prev/~0\"", "2")]
    [InlineData("\"$prev/\"", "3")]
    [InlineData("\"$item\"", "\"it\"")]
    [InlineData("\"$input/x\"", "7")]
    [InlineData("{\"n\":[\"$prev/rows/0\",{\"m\":\"$item\"}],\"k\":true}", "{\"n\":[10,{\"m\":\"it\"}],\"k\":true}")]
    [InlineData("\"$previous\"", "\"$previous\"")]
    [InlineData("\"costs $prev\"", "\"costs $prev\"")]
    [InlineData("\"$$prev\"", "\"$prev\"")]
    [InlineData("12", "12")]
    [InlineData("null", "null")]
    public void Resolve_Value_HasItsReferencesReplaced(string args, string expected)
    {
        JsonElement resolved = References.Resolve(
            JsonElement.Parse(args), Prev, JsonElement.Parse("\"it\""), JsonElement.Parse("""{"x":7}"""));

        Assert.Equal(expected, resolved.GetRawText());
    }

    [Theory]
    [InlineData("$prev/rows/2")]
    [InlineData("$prev/rows/01")]
    [InlineData("$prev/rows/-1")]
    [InlineData("$prev/rows/x")]
    [InlineData("$prev/none")]
    [InlineData("$input")]
    public void Resolve_PointerToNothing_IsAPermanentFailure(string reference)
    {
        var failure = Assert.Throws<PermanentTaskException>(
            () => References.Resolve(JsonSerializer.SerializeToElement(reference), Prev, null, null));

        Assert.Equal("reference-missing", failure.Code);
        Assert.Contains(reference, failure.Message, StringComparison.Ordinal);
    }
}
