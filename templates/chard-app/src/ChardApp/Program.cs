using Chard;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddChard(chard => chard
    .AddTasksFrom<Program>()
    .AddWorkflowsFrom<Program>());
await builder.Build().RunAsync();
