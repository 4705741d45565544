using Chard.Domain.Workflows;
using Chard.Functions.Tests.Api;
using Chard.Starts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Workflows;

public sealed class MarkedWorkflowTests
{
    [Fact]
    public void In_MarkedOrchestrators_HaveTheirNamesArgsAndTasks()
    {
        (string name, Type args, IReadOnlyList<string> tasks) = Assert.Single(MarkedWorkflows.In(typeof(Marked)));

        Assert.Equal(("Pack", typeof(EchoArgs)), (name, args));
        Assert.Equal(["Echo", "Sum"], tasks);
    }

    [Theory]
    [InlineData(typeof(NoFunction), "NoFunction.Pack: the method is no orchestrator")]
    [InlineData(typeof(NoTrigger), "NoTrigger.Pack: the method is no orchestrator")]
    [InlineData(typeof(NoArgs), "NoArgs.Pack: the method has no arguments")]
    public void In_MarkWhereNoWorkflowIs_SaysWhatIsMissing(Type type, string fault)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => MarkedWorkflows.In(type));

        Assert.StartsWith($"[Workflow] of {fault}", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Added twice by name it is one; marked and added by name it is two, of which one lacks the other's check.</summary>
    [Fact]
    public void Catalogue_MarkedAndAddedByName_IsRefused()
    {
        var services = new ServiceCollection();
        var builder = new ChardBuilder(services, new ConfigurationBuilder().Build());
        builder.AddWorkflowsOf(typeof(Marked)).AddWorkflowsOf(typeof(Marked));
        Assert.Single(services);

        builder.AddWorkflow<EchoArgs>("Pack", []).AddWorkflow<EchoArgs>("Pack", []);
        Assert.Equal(2, services.Count);

        var refused = Assert.Throws<InvalidOperationException>(() => new WorkflowCatalogue([new AnyArgs("Pack"), new AnyArgs("pack")]));
        Assert.Contains("take the attribute out", refused.Message, StringComparison.Ordinal);
    }

    public sealed record EchoArgs(string Value);

    // Functions of the build, as the worker's attribute makes them, that no host of the tests is told of.
    public static class Marked
    {
        [Workflow("Echo", "Sum")]
        [Function("Pack")]
        public static Task Pack([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<EchoArgs> input) =>
            Task.CompletedTask;
    }

    public static class NoFunction
    {
        [Workflow]
        public static Task Pack(TaskOrchestrationContext context, WorkflowInput<EchoArgs> input) => Task.CompletedTask;
    }

    public static class NoTrigger
    {
        [Workflow]
        [Function("PackNoTrigger")]
        public static Task Pack([ActivityTrigger] WorkflowInput<EchoArgs> input) => Task.CompletedTask;
    }

    public static class NoArgs
    {
        [Workflow]
        [Function("PackNoArgs")]
        public static Task Pack([OrchestrationTrigger] TaskOrchestrationContext context) => Task.CompletedTask;
    }
}
