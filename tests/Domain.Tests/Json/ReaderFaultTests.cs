using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Domain.Tests.Json;

/// <summary>Faults name what people wrote, and no types of .NET.</summary>
public sealed class ReaderFaultTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    [Theory]
    [InlineData("""{"names":"a","count":1}""", "The value is not an array that fits.")]
    [InlineData("""{"names":["a"],"count":"1"}""", "The value is not a number.")]
    [InlineData(
        """{"names":["a"],"count":9223372036854775808}""",
        "The number is out of bounds here, or has digits after a point where there can be none.")]
    [InlineData("""{"names":["a"],"count":1,"rate":"x"}""", "The value is not a number.")]
    [InlineData("""{"names":["a"],"count":1,"at":"soon"}""", "The value is not an ISO 8601 time.")]
    [InlineData("""{"names":["a"]}""", "Missing: 'count'.")]
    [InlineData("""{"names":["a"],"count":1,"more":1}""", "There is no member 'more'.")]
    [InlineData("""{"names":null,"count":1}""", "'names' must not be null.")]
    public void Say_WhatTheSerializerFound_InPlainWords(string json, string fault)
    {
        JsonException e = Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Args>(json, Options));

        Assert.Equal(fault, ReaderFault.Say(e));
    }

    private sealed record Args(IReadOnlyList<string> Names, long Count, double? Rate = null, DateTimeOffset? At = null);
}
