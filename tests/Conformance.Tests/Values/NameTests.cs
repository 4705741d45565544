using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace Chard.Conformance.Tests.Values;

/// <summary>Names, versions and ids by themselves.</summary>
public sealed class NameTests
{
    [Fact]
    public void TaskName_ComparesWithoutCaseAndKeepsIt()
    {
        TaskName name = "SendMail";

        Assert.Equal(new TaskName("sendmail"), name);
        Assert.True(name == "SENDMAIL");
        Assert.Equal(new TaskName("sendmail").GetHashCode(), name.GetHashCode());
        Assert.Equal("SendMail", name.ToString());
        Assert.Equal("SendMail", (string)name);
        Assert.NotEqual(new TaskName("SendMails"), name);
    }

    [Fact]
    public void TaskVersion_ComparesWithoutCase()
    {
        TaskVersion version = "1.0-Beta";

        Assert.Equal(new TaskVersion("1.0-beta"), version);
        Assert.Equal("1.0-Beta", version.Version);
        Assert.Equal(TaskVersion.Unversioned, new TaskVersion(null));
    }

    [Fact]
    public void EntityInstanceId_LowersItsNameAndKeepsItsKey()
    {
        var id = new EntityInstanceId("Counter", "My/Key@1");

        Assert.Equal("counter", id.Name);
        Assert.Equal("My/Key@1", id.Key);
        Assert.Equal("@counter@My/Key@1", id.ToString());
        Assert.Equal(id, EntityInstanceId.FromString("@counter@My/Key@1"));
        Assert.Equal(id, new EntityInstanceId("COUNTER", "My/Key@1"));
    }

    [Fact]
    public void EntityInstanceId_InJson_IsItsText()
    {
        var id = new EntityInstanceId("Counter", "k");

        Assert.Equal("\"@counter@k\"", JsonSerializer.Serialize(id));
        Assert.Equal(id, JsonSerializer.Deserialize<EntityInstanceId>("\"@counter@k\""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    public void EntityInstanceId_BadName_Throws(string name) => Assert.ThrowsAny<ArgumentException>(() => new EntityInstanceId(name, "key"));

    [Theory]
    [InlineData("")]
    [InlineData("counter@k")]
    [InlineData("@counter")]
    public void EntityInstanceId_BadText_Throws(string text) => Assert.ThrowsAny<ArgumentException>(() => EntityInstanceId.FromString(text));

    [Theory]
    [InlineData("1.2", "1.10", -1)]
    [InlineData("2.0", "2.0", 0)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", "", 1)]
    [InlineData("beta", "alpha", 1)]
    public void CompareVersions_NumbersThenText(string source, string other, int sign) =>
        Assert.Equal(sign, Math.Sign(Microsoft.DurableTask.Abstractions.TaskOrchestrationVersioningUtils.CompareVersions(source, other)));

    [Fact]
    public void RuntimeStatus_Numbers_AreTheWireForm()
    {
        Assert.Equal(0, (int)OrchestrationRuntimeStatus.Running);
        Assert.Equal(1, (int)OrchestrationRuntimeStatus.Completed);
        Assert.Equal(3, (int)OrchestrationRuntimeStatus.Failed);
        Assert.Equal(5, (int)OrchestrationRuntimeStatus.Terminated);
        Assert.Equal(6, (int)OrchestrationRuntimeStatus.Pending);
        Assert.Equal(7, (int)OrchestrationRuntimeStatus.Suspended);
    }
}
