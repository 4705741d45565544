using System.Reflection;
using Microsoft.DurableTask.Entities;

namespace Chard.Conformance.Tests.Entities;

/// <summary>How an entity class finds the method for an operation, and what becomes of its state.</summary>
public sealed class TaskEntityTests
{
    [Theory]
    [InlineData("Add")]
    [InlineData("add")]
    [InlineData("ADD")]
    public async Task Operation_NamedLikeAMethod_RunsItWhateverTheCase(string name)
    {
        var operation = new FakeEntityOperation(name, 10, 5);

        Assert.Equal(15, await new Counter().RunAsync(operation));
        Assert.Equal(15, operation.Stored.Value);
    }

    [Fact]
    public async Task State_WithoutOne_IsInitialized()
    {
        var operation = new FakeEntityOperation("Add", null, 5);

        Assert.Equal(5, await new Counter().RunAsync(operation));
    }

    [Fact]
    public async Task State_InitializedByTheEntity_IsTaken()
    {
        var operation = new FakeEntityOperation("Get");

        Assert.Equal("begun by Get", await new Note().RunAsync(operation));
    }

    [Fact]
    public async Task State_SetToNull_IsDeleted()
    {
        var operation = new FakeEntityOperation("Clear", "text");

        await new Note().RunAsync(operation);

        Assert.True(operation.Stored.WasSet);
        Assert.Null(operation.Stored.Value);
    }

    [Theory]
    [InlineData("TaskOfInt", 7)]
    [InlineData("ValueTaskOfInt", 8)]
    [InlineData("PlainTask", null)]
    [InlineData("PlainValueTask", null)]
    [InlineData("Nothing", null)]
    public async Task Result_OfAnyKindOfMethod_IsItsValue(string name, int? expected)
    {
        var operation = new FakeEntityOperation(name, 0);

        Assert.Equal(expected, await new Counter().RunAsync(operation));
        Assert.Equal(1, operation.Stored.Value);
    }

    [Fact]
    public async Task Parameters_ContextAndInput_AreFilled()
    {
        var operation = new FakeEntityOperation("Describe", 0, "input");

        Assert.Equal("@counter@key input 0", await new Counter().RunAsync(operation));
    }

    [Fact]
    public async Task Parameter_WithDefault_TakesItWithoutInput() => Assert.Equal(3, await new Counter().RunAsync(new FakeEntityOperation("AddDefault", 0)));

    [Fact]
    public async Task Parameter_WithoutInput_Throws() => await ThrowsAsync<InvalidOperationException>(new Counter(), "Add");

    [Fact]
    public async Task Parameters_TwoInputs_Throw() => await ThrowsAsync<InvalidOperationException>(new Counter(), "AddTwo", 1);

    [Fact]
    public async Task Methods_Overloaded_Throw() => await ThrowsAsync<AmbiguousMatchException>(new Counter(), "Overloaded");

    [Fact]
    public async Task Operation_Unknown_Throws() => await ThrowsAsync<NotSupportedException>(new Counter(), "Missing");

    [Fact]
    public async Task Operation_OfAPrivateMethod_IsUnknown() => await ThrowsAsync<NotSupportedException>(new Counter(), "Hidden");

    [Fact]
    public async Task Exception_InAMethod_LeavesTheState()
    {
        var operation = new FakeEntityOperation("Fail", 10);

        await Assert.ThrowsAsync<TimeoutException>(async () => await new Counter().RunAsync(operation));

        Assert.False(operation.Stored.WasSet);
    }

    [Fact]
    public async Task Exception_InAnAsyncMethod_LeavesTheState()
    {
        var operation = new FakeEntityOperation("FailLater", 10);

        await Assert.ThrowsAsync<TimeoutException>(async () => await new Counter().RunAsync(operation));

        Assert.False(operation.Stored.WasSet);
    }

    [Fact]
    public async Task Delete_WithoutAMethod_DeletesTheState()
    {
        var operation = new FakeEntityOperation("delete", 10);

        Assert.Null(await new Counter().RunAsync(operation));
        Assert.True(operation.Stored.WasSet);
        Assert.Null(operation.Stored.Value);
    }

    [Fact]
    public async Task Delete_WithAMethod_RunsIt()
    {
        var operation = new FakeEntityOperation("delete", "text");

        Assert.Equal("kept", await new Note().RunAsync(operation));
        Assert.Equal("text", operation.Stored.Value);
    }

    [Fact]
    public async Task StateDispatch_WhenAllowed_RunsTheStatesMethod()
    {
        var operation = new FakeEntityOperation("Rename", new Person { Name = "Ada" }, "Grace");

        await new Registered().RunAsync(operation);

        Assert.Equal("Grace", Assert.IsType<Person>(operation.Stored.Value).Name);
    }

    [Fact]
    public async Task StateDispatch_ByDefault_IsOff() => await ThrowsAsync<NotSupportedException>(new Closed(), "Rename", "Grace");

    private static async Task ThrowsAsync<T>(ITaskEntity entity, string name, object? input = null)
        where T : Exception => await Assert.ThrowsAsync<T>(async () => await entity.RunAsync(new FakeEntityOperation(name, null, input)));

    private sealed class Counter : TaskEntity<int>
    {
        public int Add(int amount) => State += amount;

        public int AddDefault(int amount = 3) => State += amount;

        public int AddTwo(int one, int two) => State += one + two;

        public void Overloaded() => State++;

        public void Overloaded(int amount) => State += amount;

        public string Describe(TaskEntityContext context, string input) => $"{context.Id} {input} {State}";

        public Task<int> TaskOfInt()
        {
            State++;
            return Task.FromResult(7);
        }

        public async ValueTask<int> ValueTaskOfInt()
        {
            await Task.Yield();
            State++;
            return 8;
        }

        public async Task PlainTask()
        {
            await Task.Yield();
            State++;
        }

        public ValueTask PlainValueTask()
        {
            State++;
            return default;
        }

        public void Nothing() => State++;

        public void Fail()
        {
            State++;
            throw new TimeoutException("too slow");
        }

        public async Task FailLater()
        {
            State++;
            await Task.Yield();
            throw new TimeoutException("too slow");
        }

#pragma warning disable IDE0051 // It is there not to be found.
        private void Hidden() => State++;
#pragma warning restore IDE0051
    }

    private sealed class Note : TaskEntity<string?>
    {
        public string? Get() => State;

        public void Clear() => State = null;

#pragma warning disable CA1822 // Operations are instance methods.
        public string Delete() => "kept";
#pragma warning restore CA1822

        protected override string? InitializeState(TaskEntityOperation entityOperation) => $"begun by {entityOperation.Name}";
    }

    private sealed class Person
    {
        public string Name { get; set; } = string.Empty;

        public void Rename(string name) => Name = name;
    }

    private sealed class Registered : TaskEntity<Person>
    {
        protected override bool AllowStateDispatch => true;
    }

    private sealed class Closed : TaskEntity<Person>;
}
