using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Harness;
using Chard.Starts;

namespace Chard.Functions.Tests.Tasks;

public sealed class TaskSchemasTests
{
    private readonly TaskSchemas _schemas = new(TaskCatalogue.Create(
        TheApp.Tasks, TheApp.TaskFunctions, new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>()));

    [Fact]
    public void ArgsOf_Flaky_TellsMembersTypesAndMeaning()
    {
        JsonElement schema = _schemas.ArgsOf("Flaky");

        JsonElement members = schema.GetProperty("properties");
        Assert.Equal(["failures", "kind", "retryAfterSeconds", "value"], members.EnumerateObject().Select(p => p.Name));
        Assert.Equal("integer", members.GetProperty("failures").GetProperty("type").GetString());
        Assert.Equal("How many calls fail before one succeeds.", members.GetProperty("failures").GetProperty("description").GetString());
        Assert.Equal(["failures"], schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Contains("rateLimited", schema.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Echo", "null")]
    [InlineData("Echo", """{"any":[1,"x",null]}""")]
    [InlineData("Sum", "[1,2.5]")]
    [InlineData("Square", "3")]
    [InlineData("Flaky", """{"failures":3}""")]
    [InlineData("Flaky", """{"failures":3,"kind":"rateLimited","retryAfterSeconds":1.5,"value":null}""")]
    [InlineData("Fail", "{}")]
    public void Check_ArgsThatFit_FindsNothing(string task, string args) => Assert.Empty(_schemas.Check(task, JsonElement.Parse(args)));

    [Theory]
    [InlineData("Flaky", "{}", "/failures", "'failures' is required.")]
    [InlineData("Flaky", """{"failures":1,"sort":"x"}""", "/sort", "There is no member 'sort'.")]
    [InlineData("Flaky", """{"failures":"many"}""", "/failures", "integer expected")]
    [InlineData("Flaky", """{"failures":1,"kind":"strange"}""", "/kind", "")]
    [InlineData("Sum", """[1,"two"]""", "/1", "number expected")]
    [InlineData("Sum", """{"a":1}""", "", "array expected")]
    [InlineData("Square", "1e60", "", "")]
    public void Check_ArgsThatDoNotFit_SaysWhereAndWhat(string task, string args, string pointer, string message)
    {
        IReadOnlyList<JsonFault> faults = _schemas.Check(task, JsonElement.Parse(args));

        Assert.Contains(faults, f => f.Pointer == pointer && f.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void ResultOf_EveryTask_IsASchema() =>
        Assert.All(TheApp.Tasks, t => Assert.Equal(JsonValueKind.Object, _schemas.ResultOf(t.Name).ValueKind));
}
