using System.Text.Json;

namespace Chard.Conformance.Tests.Data;

/// <summary>What becomes of values on their way through an orchestration.</summary>
public sealed class PayloadTests : DurableTest
{
    private static readonly Order Sample = new(
        "Zoë's \"order\" \U0001F4E6 <&> \u2028",
        [new Line(Guid.Parse("7f8b6f9e-3a53-4f3a-9d0e-1c2d3e4f5a6b"), 3, 19.99m), new Line(Guid.Empty, 0, -0.01m)],
        new Dictionary<string, double?> { ["weight"] = 1.5, ["none"] = null },
        new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(-9.5)),
        TimeSpan.FromDays(1.5),
        Color.Green,
        [0, 255, 128]);

    [Fact]
    public async Task Record_ThroughInputActivityAndOutput_IsTheSame()
    {
        var result = await ResultAsync<Order>(
            tasks => tasks
                .AddOrchestratorFunc<Order, Order>(Main, async (context, order) => await context.CallActivityAsync<Order>("Echo", order))
                .AddActivityFunc<Order, Order>("Echo", (_, order) => order),
            Sample);

        Assert.Equal(JsonSerializer.Serialize(Sample), JsonSerializer.Serialize(result));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"quoted\"")]
    [InlineData("line\r\nbreak\ttab\0nul")]
    [InlineData("\U0001F600 é 漢字")]
    public async Task Text_ThroughInputActivityAndOutput_IsTheSame(string text)
    {
        var result = await ResultAsync<string>(
            tasks => tasks
                .AddOrchestratorFunc<string, string>(Main, async (context, input) => await context.CallActivityAsync<string>("Echo", input))
                .AddActivityFunc<string, string>("Echo", (_, input) => input),
            text);

        Assert.Equal(text, result);
    }

    [Fact]
    public async Task Array_AsActivityInput_IsTheSame()
    {
        var result = await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<int>("Sum", new[] { 1, 2, 3 }) + await context.CallActivityAsync<int>("Sum", Array.Empty<int>()))
            .AddActivityFunc<int[], int>("Sum", (_, values) => values.Sum()));

        Assert.Equal(6, result);
    }

    [Fact]
    public async Task LargePayload_ThroughInputActivityAndOutput_IsTheSame()
    {
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => i.ToString("D5", System.Globalization.CultureInfo.InvariantCulture)));

        var result = await ResultAsync<string>(
            tasks => tasks
                .AddOrchestratorFunc<string, string>(Main, async (context, input) => await context.CallActivityAsync<string>("Echo", input))
                .AddActivityFunc<string, string>("Echo", (_, input) => input),
            text);

        Assert.Equal(text, result);
    }

    [Fact]
    public async Task Output_String_IsQuotedWithEscapes()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => "é<"));

        Assert.Equal("\"\\u00E9\\u003C\"", metadata.SerializedOutput);
    }

    [Fact]
    public async Task Output_Null_IsNoText()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => (string?)null));

        Assert.Null(metadata.SerializedOutput);
        Assert.Null(Output<string>(metadata));
    }

    [Fact]
    public async Task Output_NamesAndEnums_AreWrittenAsTheyAre()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, _ => new Mixed { Number = 7, Tint = Color.Blue }));

        using var json = JsonDocument.Parse(metadata.SerializedOutput!);
        Assert.Equal(7, json.RootElement.GetProperty("Number").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("Tint").GetInt32());
    }

    [Fact]
    public async Task Fields_AreCarried()
    {
        var result = await ResultAsync<int>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await context.CallActivityAsync<WithField>("Make")).Value)
            .AddActivityFunc("Make", _ => new WithField { Value = 9 }));

        Assert.Equal(9, result);
    }

    [Fact]
    public async Task Tuples_AreCarriedByTheirFields()
    {
        var result = await ResultAsync<(int, string)>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => await context.CallActivityAsync<(int, string)>("Make"))
            .AddActivityFunc("Make", _ => (4, "four")));

        Assert.Equal((4, "four"), result);
    }

    [Fact]
    public async Task Names_InAnotherCase_AreNotRead()
    {
        var result = await ResultAsync<int>(
            tasks => tasks.AddOrchestratorFunc<Mixed, int>(Main, (_, input) => input.Number),
            new Dictionary<string, int> { ["number"] = 5 });

        Assert.Equal(0, result);
    }

    [Fact]
    public async Task Values_AreWrittenByTheirRuntimeType()
    {
        var result = await ResultAsync<double>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await context.CallActivityAsync<Circle>("Make")).Radius)
            .AddActivityFunc<Shape>("Make", _ => new Circle { Name = "c", Radius = 2.5 }));

        Assert.Equal(2.5, result);
    }

    [Fact]
    public async Task VoidActivity_GivesTheDefaultOfWhatIsAsked()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                var text = await context.CallActivityAsync<string?>("Nothing");
                var number = await context.CallActivityAsync<int>("Nothing");
                var anything = await context.CallActivityAsync<object?>("Nothing");
                return $"{text is null} {number} {anything is null}";
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Equal("True 0 True", result);
    }

    [Fact]
    public async Task ObjectResult_IsAJsonElement()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc(Main, async context => (await context.CallActivityAsync<object>("Number")).GetType().FullName)
            .AddActivityFunc("Number", _ => 5));

        Assert.Equal("System.Text.Json.JsonElement", result);
    }

    [Fact]
    public async Task MissingInput_IsTheDefault()
    {
        var result = await ResultAsync<string>(tasks => tasks
            .AddOrchestratorFunc<string?, string>(Main, async (context, input) => $"{input is null} {await context.CallActivityAsync<bool>("IsNull")}")
            .AddActivityFunc<string?, bool>("IsNull", (_, input) => input is null));

        Assert.Equal("True True", result);
    }

    private enum Color
    {
        Red,
        Green,
        Blue,
    }

    private sealed record Order(string Text, Line[] Lines, Dictionary<string, double?> Numbers, DateTimeOffset At, TimeSpan Span, Color Color, byte[] Bytes);

    private sealed record Line(Guid Id, int Count, decimal Price);

    private sealed class Mixed
    {
        public int Number { get; set; }

        public Color Tint { get; set; }
    }

    private sealed class WithField
    {
#pragma warning disable CA1051 // That fields are carried is what is tested.
        public int Value;
#pragma warning restore CA1051
    }

    private class Shape
    {
        public string Name { get; set; } = string.Empty;
    }

    private sealed class Circle : Shape
    {
        public double Radius { get; set; }
    }
}
