using Chard.DeadLetters;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Harness;
using Chard.Platform;
using Chard.Testing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chard.Functions.Tests.Tasks;

/// <summary>What is found when the app starts, before anything runs.</summary>
public sealed class TaskSetupTests
{
    [Fact]
    public void Lines_OfTheApp_AreOneForEachTask() => Assert.Equal(
        TheApp.Tasks.Select(t => t.Name).Order(StringComparer.Ordinal),
        TheApp.TaskFunctions.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Start_WrongPolicyInSettings_IsAnErrorThatNamesEachKey()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(options =>
        {
            options.Settings["Chard:Tasks:Echo:Attempts"] = "0";
            options.Settings["Chard:Tasks:Eko:Attempts"] = "3";
        }));

        Assert.Contains("Chard:Tasks:Echo:Attempts is '0'; it must be 1 to 100.", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Chard:Tasks:Eko sets the policy of a task that does not exist.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PolicyInSettings_IsTheTasks()
    {
        await using FunctionsTestHost host = await StartAsync(options => options.Settings["Chard:Tasks:Echo:Attempts"] = "3");

        Assert.Equal(3, host.Services.GetRequiredService<TaskCatalogue>()["Echo"].Policy.Attempts);
    }

    [Fact]
    public async Task Start_WrongLedgerSetting_SaysWhatItMayBe()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(
            () => StartAsync(options => options.Settings["Chard:Ledger:LeaseSeconds"] = "0"));

        Assert.Contains(
            "Chard:Ledger:LeaseSeconds is '0'; it must be a number of seconds, 1 to 3600.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WrongLimitSetting_SaysWhatItMayBe()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(
            () => StartAsync(options => options.Settings["Chard:Limits:database:Concurrency"] = "0"));

        Assert.Contains(
            "Chard:Limits:database:Concurrency is '0'; it must be a whole number, 1 to 10000.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TaskUnderALimitThatNoSettingDefines_IsAnError()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(options =>
        {
            options.Settings["Chard:Limits:database:Concurrency"] = "3";
            options.Settings["Chard:Tasks:Echo:Limit"] = "databse";
        }));

        Assert.Contains("There is no limit 'databse'. There are: database.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TaskUnderALimit_HasItInItsPolicy()
    {
        await using FunctionsTestHost host = await StartAsync(options =>
        {
            options.Settings["Chard:Limits:database:Concurrency"] = "3";
            options.Settings["Chard:Tasks:Echo:Limit"] = "database";
        });

        Assert.Equal("database", host.Services.GetRequiredService<TaskCatalogue>()["Echo"].Policy.Limit);
    }

    private static Task<FunctionsTestHost> StartAsync(Action<FunctionsTestHostOptions> configure) =>
        FunctionsTestHost.StartAsync(
            async args =>
            {
                FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
                builder.Services.AddStorage().AddWorkflows().AddDeadLetters().AddTasks().AddTasksFrom(TheApp.Assembly);
                foreach (ServiceDescriptor initializer in builder.Services
                    .Where(s => s.ImplementationType?.Name.EndsWith("StorageInitializer", StringComparison.Ordinal) == true).ToArray())
                {
                    builder.Services.Remove(initializer);
                }

                await builder.Build().RunAsync();
            },
            typeof(TaskFunctions).Assembly,
            options =>
            {
                options.UseStorage = false;
                options.FunctionTypes = [typeof(TaskFunctions)];
                configure(options);
            });
}
