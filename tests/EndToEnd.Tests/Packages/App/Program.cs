using Chard;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Team;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddChard(chard => chard
    .AddTasksFrom<Greet>()
    .AddWorkflow<GreetTwiceArgs>(nameof(GreetTwiceOrchestrator.GreetTwice), [nameof(Greet)]));
await builder.Build().RunAsync();
