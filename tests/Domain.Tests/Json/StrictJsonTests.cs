using System.Text;
using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Domain.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":{"b":1,"b":1}}""")]
    [InlineData("""["\ud800"]""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":1} x""")]
    [InlineData("")]
    [InlineData("nul")]
    public void TryParse_NotForUse_SaysWhy(string text)
    {
        Assert.False(StrictJson.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void TryParse_InvalidUtf8_SaysWhy() => Assert.False(StrictJson.TryParse([(byte)'"', 0xFF, (byte)'"'], out _, out _));

    [Fact]
    public void TryParse_TooDeep_SaysWhy()
    {
        Assert.True(StrictJson.TryParse(Nested(64), out _, out _));
        Assert.False(StrictJson.TryParse(Nested(65), out _, out _));
        Assert.False(StrictJson.TryParse(Nested(100_000), out _, out _));

        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
    }

    [Fact]
    public void TryParse_Good_GivesTheValue()
    {
        Assert.True(StrictJson.TryParse("""{"emoji":"\ud83d\ude00","n":1e400}"""u8, out JsonElement value, out string? fault));
        Assert.Null(fault);
        Assert.Equal("😀", value.GetProperty("emoji").GetString());
    }
}
