using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace Chard.Conformance.Tests.Data;

/// <summary>The plain SDK's converter.</summary>
public sealed class JsonDataConverterTests
{
    private static readonly DataConverter Plain = JsonDataConverter.Default;

    [Fact]
    public void Null_IsNoTextAndBack()
    {
        Assert.Null(Plain.Serialize(null));
        Assert.Null(Plain.Deserialize(null, typeof(string)));
        Assert.Null(Plain.Deserialize<string>(null));
        Assert.Throws<NullReferenceException>(() => Plain.Deserialize<int>(null));
    }

    [Fact]
    public void Default_WritesFieldsAndNamesAsTheyAre() => Assert.Equal("{\"Name\":\"a\",\"Count\":1}", Plain.Serialize(new Sample { Name = "a", Count = 1 }));

    [Fact]
    public void Default_ReadsNamesInTheirCaseOnly()
    {
        Assert.Equal(3, Plain.Deserialize<Sample>("{\"Count\":3}")!.Count);
        Assert.Equal(0, Plain.Deserialize<Sample>("{\"count\":3}")!.Count);
    }

    [Fact]
    public void Options_Given_AreUsed()
    {
        var camel = new JsonDataConverter(new JsonSerializerOptions(JsonSerializerDefaults.Web));

        Assert.Equal("{\"name\":\"a\"}", camel.Serialize(new Sample { Name = "a" }));
    }

    [Fact]
    public void Text_ThatIsNoJson_Throws() => Assert.Throws<JsonException>(() => Plain.Deserialize<Sample>("not json"));

    private sealed class Sample
    {
#pragma warning disable CA1051 // That fields are carried is what is tested.
        public int Count;
#pragma warning restore CA1051

        public string Name { get; set; } = string.Empty;
    }
}
