using System.Text.Json;
using Chard.LocalHost.Options;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Tests.Options;

public sealed class FunctionRulesTests : IDisposable
{
    private readonly string app = Directory.CreateTempSubdirectory("functions-").FullName;
    private readonly List<string> faults = [];

    public void Dispose() => Directory.Delete(app, recursive: true);

    [Theory]
    [InlineData("""{"type":"timerTrigger","schedule":"every day"}""", "'every day' is no schedule")]
    [InlineData("""{"type":"timerTrigger","schedule":"61 * * * * *"}""", "'61 * * * * *' is no schedule")]
    [InlineData(
        """{"type":"timerTrigger","schedule":"%NOWHERE%"}""",
        "%NOWHERE% names no setting. Add NOWHERE to local.settings.json or to the environment.")]
    [InlineData("""{"type":"timerTrigger","schedule":"%BAD%"}""", "'often' is no schedule")]
    [InlineData("""{"type":"queueTrigger","queueName":"Has_Upper"}""", "'Has_Upper' is no queue name")]
    [InlineData("""{"type":"queueTrigger","queueName":"a--b"}""", "'a--b' is no queue name")]
    [InlineData("""{"type":"queueTrigger","queueName":"work","connection":"Elsewhere"}""", "connection 'Elsewhere' names no setting")]
    [InlineData("""{"type":"httpTrigger","route":"a/{b"}""", "'a/{b' is no route")]
    [InlineData("""{"type":"httpTrigger","route":"a/{b:itn}"}""", "constraint 'itn', which is none: did you mean int?")]
    [InlineData("""{"type":"blobTrigger","path":"a/{name}"}""", "this host has no blobTrigger")]
    public void Check_WithAMistake_NamesFunctionAndFix(string trigger, string expected)
    {
        Check(("Work", trigger));

        var fault = Assert.Single(faults);
        Assert.StartsWith("Function Work (Some.Class.Work)", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"timerTrigger","schedule":"*/2 * * * * *"}""")]
    [InlineData("""{"type":"timerTrigger","schedule":"*/5 * * * *"}""")]
    [InlineData("""{"type":"timerTrigger","schedule":"00:05:00"}""")]
    [InlineData("""{"type":"timerTrigger","schedule":"%GOOD%"}""")]
    [InlineData("""{"type":"queueTrigger","queueName":"%QUEUE%-poison","connection":"Storage"}""")]
    [InlineData("""{"type":"httpTrigger","route":"a/{b:int}/{*rest}"}""")]
    [InlineData("""{"type":"httpTrigger","route":"{name:regex(^[[a-z]]+$)}/{n:range(1,9)?}"}""")]
    [InlineData("""{"type":"httpTrigger"}""")]
    [InlineData("""{"type":"entityTrigger"}""")]
    public void Check_WhatTheHostRuns_IsNoFault(string trigger)
    {
        Check(("Work", trigger));

        Assert.Empty(faults);
    }

    [Fact]
    public void Check_WithoutATriggerOrWithTwo_SaysHowMany()
    {
        Check(
            ("None", """{"type":"durableClient"}"""), ("Two", """{"type":"activityTrigger"},{"type":"queueTrigger","queueName":"work"}"""));

        Assert.Contains("Function None (Some.Class.None) has 0 triggers", faults[0], StringComparison.Ordinal);
        Assert.Contains(
            "Function Two (Some.Class.Two) has 2 triggers (activityTrigger, queueTrigger)", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Names_AreWellFormedAndTakenOnce()
    {
        Check(
            ("1st", """{"type":"activityTrigger"}"""), ("Twice", """{"type":"activityTrigger"}"""),
            ("twice", """{"type":"activityTrigger"}"""));

        Assert.Equal(2, faults.Count);
        Assert.Contains("Function 1st", faults[0], StringComparison.Ordinal);
        Assert.Equal("Function name Twice is taken 2 times: Some.Class.Twice, Some.Class.twice.", faults[1]);
    }

    [Theory]
    [InlineData("AzureWebJobs.Work.Disabled", "true")]
    [InlineData("AzureWebJobs.Work.Disabled", "1")]
    [InlineData("AzureWebJobs:Work:Disabled", "True")]
    public void Check_ADisabledFunction_IsLeftOut(string setting, string value)
    {
        Check([("Work", """{"type":"blobTrigger"}""")], (setting, value));

        Assert.Empty(faults);
    }

    [Fact]
    public void Check_WhereHostJsonChooses_LeavesOutTheOthers()
    {
        Check([("Work", """{"type":"activityTrigger"}"""), ("Other", """{"type":"blobTrigger"}""")], ("functions:0", "work"));

        Assert.Empty(faults);
    }

    [Fact]
    public void Check_AFolderThatIsNoApp_SaysSo()
    {
        new FunctionRules(new ConfigurationBuilder().Build(), faults).Check(app, new ConfigurationBuilder().Build());

        Assert.Contains("functions.metadata is missing", Assert.Single(faults), StringComparison.Ordinal);
    }

    private void Check(params (string Name, string Bindings)[] functions) =>
        Check(
            functions, ("GOOD", "0 0 * * * *"), ("BAD", "often"), ("QUEUE", "work"),
            ("AzureWebJobsStorage:queueServiceUri", "http://there"));

    private void Check((string Name, string Bindings)[] functions, params (string Name, string Value)[] settings)
    {
        var documents = functions.Select(function =>
            $$"""
            {"name":{{JsonSerializer.Serialize(function.Name)}},"entryPoint":"Some.Class.{{function.Name}}",
             "bindings":[{{function.Bindings}}]}
            """);
        File.WriteAllText(Path.Combine(app, "functions.metadata"), $"[{string.Join(',', documents)}]");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, (string?)pair.Value))).Build();
        new FunctionRules(configuration, faults).Check(app, configuration);
    }
}
