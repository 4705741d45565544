using System.Text;
using System.Text.Json;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Routes;

public sealed class SlowTaskMessageTests
{
    [Fact]
    public void TryParse_WhatWasWritten_IsTheSameCall()
    {
        var call = new TaskCall
        {
            WorkflowId = "wf", Path = "2.0", Task = "Echo", Args = TaskValue.Of(TaskJson.ToElement(new { text = "größer <als> \"&\" 日本" })),
            Generation = 1, Attempt = 3, Wait = 2,
            GivenKey = "charge-1", Shard = "g0", TimeLimitSeconds = 5.5, Deadline = DateTimeOffset.UnixEpoch, WithoutLedger = true,
            InDoubt = InDoubt.Park,
        };

        Assert.True(SlowTaskMessage.TryParse(new SlowTaskMessage(call, "wf.2").ToUtf8(), out SlowTaskMessage? read, out _));

        Assert.Equal("wf.2", read.InstanceId);
        Assert.True(JsonElement.DeepEquals(call.Args.ToElement(), read.Call.Args.ToElement()));
        Assert.Equal(call with { Args = TaskValue.Null }, read.Call with { Args = TaskValue.Null });
    }

    [Fact]
    public void ToUtf8_LargestArgumentsOfTheBasicPlane_FitIntoAMessage()
    {
        foreach (string text in new[] { new string('<', 32_000), new string('é', 16_000), new string('日', 10_600) })
        {
            Assert.InRange(Message(TaskJson.ToElement(text)).ToUtf8().Length, 30_000, SlowTaskMessage.MaxBytes);
        }
    }

    [Fact]
    public void TryParse_ArgumentsAsDeepAsAStartTakes_AreRead()
    {
        JsonElement deep = JsonElement.Parse(new string('[', 64) + new string(']', 64));

        Assert.True(SlowTaskMessage.TryParse(Message(deep).ToUtf8(), out SlowTaskMessage? read, out _));
        Assert.Equal(deep.GetRawText(), read.Call.Args.ToElement().GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"call":null,"instance":"wf"}""")]
    [InlineData("""{"call":{"workflow":"wf","path":"0","task":"Echo","args":{}},"instance":""}""")]
    [InlineData("""{"call":{"workflow":"a/b","path":"0","task":"Echo","args":{}},"instance":"wf"}""")]
    [InlineData("""{"call":{"workflow":"wf","path":"a b","task":"Echo","args":{}},"instance":"wf"}""")]
    [InlineData("""{"call":{"workflow":"wf","path":"0","args":{}},"instance":"wf"}""")]
    [InlineData("""{"call":{"workflow":"wf","path":"0","task":"Echo","args":null},"instance":"wf"}""")]
    public void TryParse_AnythingElse_IsRefusedWithAReason(string body)
    {
        Assert.False(SlowTaskMessage.TryParse(Encoding.UTF8.GetBytes(body), out _, out string? fault));
        Assert.StartsWith("The message ", fault, StringComparison.Ordinal);
    }

    private static SlowTaskMessage Message(JsonElement args) =>
        new(new() { WorkflowId = "wf", Path = "0", Task = "Echo", Args = TaskValue.Of(args) }, "wf");
}
