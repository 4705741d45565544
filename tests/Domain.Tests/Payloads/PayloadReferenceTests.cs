using System.Text.Json;
using Chard.Domain.Payloads;

namespace Chard.Domain.Tests.Payloads;

/// <summary>A result that is a reference is told from one that is not.</summary>
public sealed class PayloadReferenceTests
{
    private static readonly PayloadReference Reference = new("w1/results/0", new string('a', 64), 7);

    [Fact]
    public void From_AReferenceAsTheEngineKeepsIt_IsTheReference()
    {
        Assert.Equal(Reference, PayloadReference.From(JsonSerializer.SerializeToElement(Reference, JsonSerializerOptions.Web)));
        Assert.Equal(Reference, PayloadReference.From(JsonSerializer.SerializeToElement(Reference)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("""{"blob":{},"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bytes":7}""")]
    [InlineData("""{"blob":"w1/x","sha256":"short","bytes":7}""")]
    [InlineData("""{"blob":"w1/x","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"blob":"w1/x","sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","bytes":7,"more":1}""")]
    public void From_AnythingElse_IsNull(string result) => Assert.Null(PayloadReference.From(JsonElement.Parse(result)));

    [Fact]
    public void From_NoResult_IsNull() => Assert.Null(PayloadReference.From(null));
}
