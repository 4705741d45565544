using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>Settings of the app that can be wrong.</summary>
public sealed class ProcessOptions
{
    [Range(1, 9)]
    public int Count { get; set; } = 1;

    public static void Configure(FunctionsApplicationBuilder builder) =>
        builder.Services.AddOptions<ProcessOptions>().BindConfiguration("Process").ValidateDataAnnotations().ValidateOnStart();
}
