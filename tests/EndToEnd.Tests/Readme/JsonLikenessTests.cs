using System.Text.Json;

namespace Chard.EndToEnd.Tests.Readme;

public sealed class JsonLikenessTests
{
    [Theory]
    [InlineData(
        """{"id":"019…","links":{"self":"http://x/019…/y"},"at":"2026-01-02T03:04:05Z"}""",
        """{"id":"0195","links":{"self":"http://x/0195/y"},"at":"2027-01-02T03:04:05.6Z"}""")]
    [InlineData("""[{"rows":3},null]""", """[{"rows":3},null]""")]
    public void Differences_OfADocumentAsShown_AreNone(string shown, string real) => Assert.Empty(Differences(shown, real));

    [Theory]
    [InlineData("""{"id":"019…"}""", """{"id":"020"}""", "$.id: shown is \"019…\"")]
    [InlineData("""{"a":1}""", """{"a":2}""", "$.a: shown is 1")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", "'b' is shown")]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", "'b' is there")]
    [InlineData("""{"a":[{"b":null}]}""", """{"a":[{"b":"x"}]}""", "$.a[0].b: shown is null")]
    [InlineData("[1]", "[1,2]", "1 items are shown, and 2 are there")]
    public void Differences_OfAnotherDocument_NameThePlace(string shown, string real, string difference) =>
        Assert.Contains(difference, Assert.Single(Differences(shown, real)), StringComparison.Ordinal);

    private static IEnumerable<string> Differences(string shown, string real) =>
        JsonLikeness.Differences(JsonElement.Parse(shown), JsonElement.Parse(real));
}
