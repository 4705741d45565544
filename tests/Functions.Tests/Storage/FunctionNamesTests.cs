using System.Text.Json;
using Chard.Platform;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;

namespace Chard.Functions.Tests.Storage;

/// <summary>What the host is told: the queues by the names that the app itself uses, and the period of the clock.</summary>
public sealed class FunctionNamesTests
{
    /// <summary>The host asks for a key beside whatever the platform asks for, unless it is told not to.</summary>
    [Theory]
    [InlineData("true", "true", "Anonymous")]
    [InlineData("true", "false", "Function")]
    [InlineData("false", "true", "Function")]
    public void Transform_CallersSignedIn_AskForNoKey(string required, string entra, string level)
    {
        List<IFunctionMetadata> functions = Functions();

        new FunctionNames(new StorageNames("Staging"), new ClockPeriod(15), Access(required, entra)).Transform(functions);

        Assert.All(
            functions.Where(f => f.Name is not ("Health" or "Dashboard"))
                .SelectMany(f => f.RawBindings!.Select(binding => JsonElement.Parse(binding)))
                .Where(b => b.GetProperty("type").GetString() == "httpTrigger"),
            binding => Assert.Equal(level, binding.GetProperty("authLevel").GetString()));
    }

    [Fact]
    public void Transform_TriggersOfTheApp_NameTheQueuesOfTheHub()
    {
        var names = new StorageNames("Staging");
        const string OfTheApp = """{"type":"timerTrigger","schedule":"*/15 * * * * *"}""";
        List<IFunctionMetadata> functions = Functions();
        functions.Add(new DefaultFunctionMetadata { Name = "Mine", RawBindings = [OfTheApp] });

        new FunctionNames(names, new ClockPeriod(30), Access("false", "false")).Transform(functions);

        var queues = functions
            .SelectMany(function => function.RawBindings!.Select(binding => (function.Name, Binding: JsonElement.Parse(binding))))
            .Where(pair => pair.Binding.GetProperty("type").GetString() == "queueTrigger")
            .ToDictionary(pair => pair.Name!, pair => pair.Binding.GetProperty("queueName").GetString());
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["WorkflowStarts"] = names.StartQueue,
                ["PoisonedWorkflowStarts"] = names.PoisonedStartQueue,
                ["RunSlowTask"] = names.SlowTaskQueue,
                ["PoisonedSlowTask"] = names.PoisonedSlowTaskQueue,
            },
            queues);
        Assert.Equal(
            ["*/30 * * * * *"],
            functions.Where(function => function.Name == "RunClock")
                .SelectMany(function => function.RawBindings!.Select(binding => JsonElement.Parse(binding)))
                .Where(binding => binding.GetProperty("type").GetString() == "timerTrigger")
                .Select(binding => binding.GetProperty("schedule").GetString()));
        Assert.Equal(OfTheApp, Assert.Single(functions.Single(function => function.Name == "Mine").RawBindings!));
        Assert.DoesNotContain(
            functions.SelectMany(function => function.RawBindings!), binding => binding.Contains('%', StringComparison.Ordinal));
    }

    private static AccessSettings Access(string required, string entra) => new(new ConfigurationBuilder().AddInMemoryCollection(
        [new("Chard:Access:Required", required), new("WEBSITE_AUTH_ENABLED", entra)]).Build());

    private static List<IFunctionMetadata> Functions() => [.. Indexed().Select(function => new DefaultFunctionMetadata
    {
        Name = function.GetProperty("name").GetString(),
        RawBindings = [.. function.GetProperty("bindings").EnumerateArray().Select(binding => binding.GetRawText())],
    })];

    private static IEnumerable<JsonElement> Indexed() =>
        JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "functions.metadata"))).EnumerateArray()
            .Where(function => function.GetProperty("entryPoint").GetString()!.StartsWith("Chard.", StringComparison.Ordinal)
                && !function.GetProperty("entryPoint").GetString()!.StartsWith("Chard.Functions.Tests.", StringComparison.Ordinal));
}
